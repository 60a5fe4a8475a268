package dev.tern.opener;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Calls the hook before each normal return, with the returned value first. */
final class ExitHook extends MethodVisitor {

    private final HookCall call;
    private final Type result;

    ExitHook(
            MethodVisitor next,
            Declaration declaration,
            String owner,
            int access,
            String descriptor) {
        super(Opcodes.ASM9, next);
        this.call = new HookCall(declaration, owner, access, descriptor);
        this.result = Type.getReturnType(descriptor);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
            if (result == Type.VOID_TYPE) {
                call.emit(mv, null, Type.VOID_TYPE);
            } else {
                super.visitInsn(result.getSize() == 2 ? Opcodes.DUP2 : Opcodes.DUP);
                call.emit(mv, result, Type.VOID_TYPE);
            }
        }
        super.visitInsn(opcode);
    }
}
