package dev.tern.opener;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Calls the hook before the method body. The target of an intercept returns true to say that the
 * call was its own and the body must not run; so the hooked method has to be void.
 */
final class EnterHook extends MethodVisitor {

    private final HookCall call;
    private final boolean intercepts;

    EnterHook(
            MethodVisitor next,
            Declaration declaration,
            String owner,
            int access,
            String descriptor) {
        super(Opcodes.ASM9, next);
        this.intercepts = declaration.kind() == Declaration.Kind.INTERCEPT;
        if (intercepts && Type.getReturnType(descriptor) != Type.VOID_TYPE) {
            throw new DeclarationException(
                    declaration.line(), "intercepts a method that returns a value");
        }
        this.call = new HookCall(declaration, owner, access, descriptor);
    }

    @Override
    public void visitCode() {
        super.visitCode();
        if (!intercepts) {
            call.emit(mv, null, Type.VOID_TYPE);
            return;
        }
        call.emit(mv, null, Type.BOOLEAN_TYPE);
        Label body = new Label();
        visitJumpInsn(Opcodes.IFEQ, body);
        visitInsn(Opcodes.RETURN);
        visitLabel(body);
        visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        // A frame may stand only once at one offset: keep the body's own frames apart.
        visitInsn(Opcodes.NOP);
    }
}
