package dev.tern.opener;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Replaces {@code new A(..)} by {@code new B(..)} inside one method. */
final class RedirectedAllocation extends MethodVisitor {

    private final String from;
    private final String to;

    RedirectedAllocation(MethodVisitor next, Declaration declaration) {
        super(Opcodes.ASM9, next);
        int separator = declaration.argument().indexOf('>');
        this.from = declaration.argument().substring(0, separator);
        this.to = declaration.argument().substring(separator + 1);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        boolean ours = opcode == Opcodes.NEW && type.equals(from);
        super.visitTypeInsn(opcode, ours ? to : type);
    }

    @Override
    public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
        boolean ours =
                opcode == Opcodes.INVOKESPECIAL && name.equals("<init>") && owner.equals(from);
        super.visitMethodInsn(opcode, ours ? to : owner, name, descriptor, isInterface);
    }
}
