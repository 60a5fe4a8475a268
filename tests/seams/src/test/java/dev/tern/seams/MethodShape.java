package dev.tern.seams;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Writes down access and instructions of a method, so that two versions can be compared. */
final class MethodShape extends MethodVisitor {

    private final StringBuilder text = new StringBuilder();
    private final Map<Label, Integer> labels = new HashMap<>();
    private Consumer<String> sink;

    MethodShape(String head) {
        super(Opcodes.ASM9);
        text.append(head).append('\n');
    }

    MethodShape reportingTo(Consumer<String> newSink) {
        sink = newSink;
        return this;
    }

    @Override
    public void visitEnd() {
        sink.accept(text.toString());
    }

    @Override
    public void visitInsn(int opcode) {
        add(opcode);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        add(opcode, operand);
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        add(opcode, variable);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        add(opcode, type);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        add(opcode, owner, name, descriptor);
    }

    @Override
    public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
        add(opcode, owner, name, descriptor, isInterface);
    }

    @Override
    public void visitInvokeDynamicInsn(
            String name, String descriptor, Handle bootstrap, Object... arguments) {
        add(Opcodes.INVOKEDYNAMIC, name, descriptor, bootstrap, Arrays.toString(arguments));
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        add(opcode, number(label));
    }

    @Override
    public void visitLabel(Label label) {
        add(-1, number(label));
    }

    @Override
    public void visitLdcInsn(Object value) {
        add(Opcodes.LDC, value);
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
        add(Opcodes.IINC, variable, increment);
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label dflt, Label... targets) {
        add(Opcodes.TABLESWITCH, min, max, number(dflt), numbers(targets));
    }

    @Override
    public void visitLookupSwitchInsn(Label dflt, int[] keys, Label[] targets) {
        add(Opcodes.LOOKUPSWITCH, number(dflt), Arrays.toString(keys), numbers(targets));
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        add(Opcodes.MULTIANEWARRAY, descriptor, dimensions);
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
        add(-2, number(start), number(end), number(handler), type);
    }

    private int number(Label label) {
        return labels.computeIfAbsent(label, l -> labels.size());
    }

    private String numbers(Label[] targets) {
        return Arrays.stream(targets).map(this::number).toList().toString();
    }

    private void add(int opcode, Object... operands) {
        text.append(opcode).append(' ').append(Arrays.toString(operands)).append('\n');
    }
}
