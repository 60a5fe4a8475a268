package dev.tern.opener;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Emits the call of a hook's static target with {@code this} and the arguments of the method. */
final class HookCall {

    private final String targetOwner;
    private final String targetName;
    private final String owner;
    private final boolean isStatic;
    private final Type[] arguments;

    HookCall(Declaration declaration, String owner, int access, String descriptor) {
        int hash = declaration.argument().indexOf('#');
        this.targetOwner = declaration.argument().substring(0, hash);
        this.targetName = declaration.argument().substring(hash + 1);
        this.owner = owner;
        this.isStatic = (access & Opcodes.ACC_STATIC) != 0;
        this.arguments = Type.getArgumentTypes(descriptor);
    }

    /** Calls the target; an extra leading value is expected on the stack when a type is given. */
    void emit(MethodVisitor visitor, Type leading, Type result) {
        StringBuilder signature = new StringBuilder("(");
        if (leading != null) {
            signature.append(leading.getDescriptor());
        }
        int slot = 0;
        if (!isStatic) {
            visitor.visitVarInsn(Opcodes.ALOAD, slot++);
            signature.append('L').append(owner).append(';');
        }
        for (Type argument : arguments) {
            visitor.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), slot);
            slot += argument.getSize();
            signature.append(argument.getDescriptor());
        }
        signature.append(')').append(result.getDescriptor());
        visitor.visitMethodInsn(
                Opcodes.INVOKESTATIC, targetOwner, targetName, signature.toString(), false);
    }
}
