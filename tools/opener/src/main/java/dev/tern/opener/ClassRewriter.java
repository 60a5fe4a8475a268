package dev.tern.opener;

import dev.tern.opener.Declaration.Kind;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.SerialVersionUIDAdder;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Rewrites one class file: access flags of declared members, and declared hooks. */
final class ClassRewriter extends ClassVisitor {

    private static final int ACCESS =
            Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED | Opcodes.ACC_PRIVATE;

    private static final Set<Kind> HOOKS = EnumSet.of(Kind.ENTER, Kind.INTERCEPT, Kind.EXIT);

    private final List<Declaration> declarations;
    private final Set<String> openedTypes;
    private String owner;

    private ClassRewriter(
            ClassVisitor next, List<Declaration> declarations, Set<String> openedTypes) {
        super(Opcodes.ASM9, next);
        this.declarations = declarations;
        this.openedTypes = openedTypes;
    }

    /**
     * Returns the class with the declarations of its owner applied. InnerClasses attributes that
     * mention an opened type are corrected in every class, because javac reads the flags there. A
     * Serializable class without an explicit serialVersionUID keeps the one it had; an interface
     * has none that would count.
     */
    static byte[] rewrite(
            byte[] bytes,
            List<Declaration> declarations,
            Set<String> openedTypes,
            boolean serializable) {
        ClassReader reader = new ClassReader(bytes);
        if (declarations.isEmpty() && !mentionsAny(reader, openedTypes)) {
            return bytes;
        }
        boolean hooked = declarations.stream().anyMatch(d -> HOOKS.contains(d.kind()));
        ClassWriter writer = new ClassWriter(reader, hooked ? ClassWriter.COMPUTE_MAXS : 0);
        ClassVisitor visitor = new ClassRewriter(writer, declarations, openedTypes);
        boolean isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
        if (serializable && !isInterface && !declarations.isEmpty()) {
            visitor = new SerialVersionUIDAdder(Opcodes.ASM9, visitor) {};
        }
        reader.accept(visitor, 0);
        return writer.toByteArray();
    }

    @Override
    public void visit(
            int version,
            int access,
            String name,
            String signature,
            String superName,
            String[] interfaces) {
        owner = name;
        int opened = openedTypes.contains(name) ? publicAccess(access) : access;
        super.visit(version, opened, name, signature, superName, interfaces);
    }

    @Override
    public void visitInnerClass(String name, String outerName, String innerName, int access) {
        int opened = openedTypes.contains(name) ? publicAccess(access) : access;
        super.visitInnerClass(name, outerName, innerName, opened);
    }

    @Override
    public FieldVisitor visitField(
            int access, String name, String descriptor, String signature, Object value) {
        int opened = access;
        for (Declaration declaration : declarations) {
            if (declaration.kind() == Kind.FIELD && declaration.member().equals(name)) {
                opened = publicAccess(opened) & ~Opcodes.ACC_FINAL;
                if (declaration.makeVolatile()) {
                    opened |= Opcodes.ACC_VOLATILE;
                }
            }
        }
        return super.visitField(opened, name, descriptor, signature, value);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        int opened = access;
        for (Declaration declaration : declarations) {
            boolean opens =
                    declaration.kind() == Kind.METHOD || declaration.kind() == Kind.CONSTRUCTOR;
            if (opens && declaration.matches(name, descriptor)) {
                opened = publicAccess(opened) & ~Opcodes.ACC_FINAL;
            }
        }
        MethodVisitor visitor =
                super.visitMethod(opened, name, descriptor, signature, exceptions);
        for (Declaration declaration : declarations) {
            if (declaration.matches(name, descriptor)) {
                visitor =
                        switch (declaration.kind()) {
                            case ENTER, INTERCEPT -> new EnterHook(
                                    visitor, declaration, owner, access, descriptor);
                            case EXIT -> new ExitHook(
                                    visitor, declaration, owner, access, descriptor);
                            case REDIRECT -> new RedirectedAllocation(visitor, declaration);
                            case TYPE, FIELD, METHOD, CONSTRUCTOR, DROP -> visitor;
                        };
            }
        }
        return visitor;
    }

    private static int publicAccess(int access) {
        return (access & ~ACCESS) | Opcodes.ACC_PUBLIC;
    }

    private static boolean mentionsAny(ClassReader reader, Set<String> types) {
        boolean[] found = new boolean[1];
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitInnerClass(String name, String outer, String inner, int acc) {
                        found[0] |= types.contains(name);
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return found[0];
    }
}
