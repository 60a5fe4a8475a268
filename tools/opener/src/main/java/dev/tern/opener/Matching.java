package dev.tern.opener;

import dev.tern.opener.ClassIndex.Entry;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that a declaration names exactly one member of the released classes. */
final class Matching {

    /** Serialization calls these by reflection; opening one changes what it means. */
    private static final Set<String> NEVER_OPENED =
            Set.of("readObject", "writeObject", "readResolve", "writeReplace");

    private Matching() {}

    /** Checks all declarations and reports every mismatch at once. */
    static void requireExactlyOneEach(
            List<Declaration> declarations, ClassIndex index, Map<String, byte[]> entries) {
        List<String> problems = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (Declaration declaration : declarations) {
            try {
                requireFirst(declaration, lines);
                requireExactlyOne(declaration, index, entries);
            } catch (DeclarationException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
    }

    private static void requireFirst(Declaration declaration, Map<String, Integer> lines) {
        String change =
                String.join(
                        " ",
                        declaration.kind().name(),
                        declaration.owner(),
                        declaration.member(),
                        declaration.descriptor(),
                        declaration.argument());
        Integer earlier = lines.putIfAbsent(change, declaration.line());
        if (earlier != null) {
            throw new DeclarationException(declaration.line(), "repeats line " + earlier);
        }
    }

    private static void requireExactlyOne(
            Declaration declaration, ClassIndex index, Map<String, byte[]> entries) {
        switch (declaration.kind()) {
            case DROP -> require(
                    declaration, entries.containsKey(declaration.member()) ? 1 : 0, "entries");
            case TYPE -> require(
                    declaration, index.get(declaration.owner()) == null ? 0 : 1, "classes");
            case FIELD -> {
                Entry owner = owner(declaration, index);
                long n =
                        owner.fields().stream()
                                .filter(f -> f.name().equals(declaration.member()))
                                .count();
                require(declaration, n, "fields");
            }
            case METHOD, CONSTRUCTOR, EXIT -> requireMethod(declaration, index);
            case ENTER, INTERCEPT -> {
                if (declaration.member().equals("<init>")) {
                    throw new DeclarationException(
                            declaration.line(),
                            "enters a constructor, where 'this' cannot be passed on yet");
                }
                requireMethod(declaration, index);
            }
            case REDIRECT -> {
                requireMethod(declaration, index);
                String argument = declaration.argument();
                String from = argument.substring(0, argument.indexOf('>'));
                byte[] owner = entries.get(declaration.owner() + ".class");
                int n = allocations(owner, declaration, from);
                require(declaration, n, "allocations of " + from);
            }
        }
    }

    private static void requireMethod(Declaration declaration, ClassIndex index) {
        if (NEVER_OPENED.contains(declaration.member())
                || declaration.member().startsWith("lambda$")) {
            throw new DeclarationException(
                    declaration.line(), "opens " + declaration.member() + ", which is never safe");
        }
        long n =
                owner(declaration, index).methods().stream()
                        .filter(m -> declaration.matches(m.name(), m.descriptor()))
                        .count();
        require(declaration, n, "methods");
    }

    private static Entry owner(Declaration declaration, ClassIndex index) {
        Entry owner = index.get(declaration.owner());
        if (owner == null) {
            throw new DeclarationException(
                    declaration.line(),
                    "names a class that is not there: " + declaration.className());
        }
        return owner;
    }

    private static void require(Declaration declaration, long found, String what) {
        if (found != 1) {
            throw new DeclarationException(
                    declaration.line(),
                    "matches "
                            + found
                            + " "
                            + what
                            + " instead of one: "
                            + declaration.className()
                            + " "
                            + declaration.member()
                            + declaration.descriptor());
        }
    }

    private static int allocations(byte[] bytes, Declaration declaration, String type) {
        int[] count = new int[1];
        new ClassReader(bytes)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String desc, String sig, String[] ex) {
                                if (!declaration.matches(name, desc)) {
                                    return null;
                                }
                                return new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitTypeInsn(int opcode, String operand) {
                                        if (opcode == Opcodes.NEW && operand.equals(type)) {
                                            count[0]++;
                                        }
                                    }
                                };
                            }
                        },
                        ClassReader.SKIP_DEBUG);
        return count[0];
    }
}
