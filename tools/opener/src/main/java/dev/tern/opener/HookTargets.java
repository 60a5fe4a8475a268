package dev.tern.opener;

import dev.tern.opener.Declaration.Kind;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks after compilation that what the woven classes call is there: a hook's target is named in
 * the declaration file only, so that javac cannot miss it.
 */
public final class HookTargets {

    private final ClassLoader loader;
    private final List<String> problems = new ArrayList<>();

    private HookTargets(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Returns one sentence for each hook or redirect that would fail at run time.
     *
     * @param declarations what the classes were opened with
     * @param loader finds the opened classes and ours; classes with redirects are initialised
     */
    public static List<String> missing(List<Declaration> declarations, ClassLoader loader) {
        HookTargets check = new HookTargets(loader);
        for (Declaration declaration : declarations) {
            switch (declaration.kind()) {
                case ENTER, INTERCEPT, EXIT -> check.hook(declaration);
                case REDIRECT -> check.redirect(declaration);
                case TYPE, FIELD, METHOD, CONSTRUCTOR, DROP -> {}
            }
        }
        return List.copyOf(check.problems);
    }

    private void hook(Declaration declaration) {
        int hash = declaration.argument().indexOf('#');
        String target = declaration.argument().substring(0, hash);
        String method = declaration.argument().substring(hash + 1);
        forEachCall(
                declaration,
                (opcode, owner, name, descriptor) -> {
                    if (opcode == Opcodes.INVOKESTATIC
                            && owner.equals(target)
                            && name.equals(method)) {
                        requireStatic(declaration, target, method, descriptor);
                    }
                });
    }

    private void requireStatic(
            Declaration declaration, String target, String name, String descriptor) {
        try {
            Class<?> type = load(target);
            MethodType call = MethodType.fromMethodDescriptorString(descriptor, loader);
            Method method = type.getMethod(name, call.parameterArray());
            boolean callable =
                    Modifier.isPublic(type.getModifiers())
                            && Modifier.isStatic(method.getModifiers())
                            && method.getReturnType() == call.returnType();
            if (!callable) {
                report(declaration, "is there, but not as public static " + call.returnType());
            }
        } catch (ClassNotFoundException | NoSuchMethodException | TypeNotPresentException e) {
            report(declaration, "is missing: public static " + name + descriptor);
        }
    }

    private void redirect(Declaration declaration) {
        String to = declaration.argument().substring(declaration.argument().indexOf('>') + 1);
        try {
            Class<?> ours = load(to);
            forEachCall(
                    declaration,
                    (opcode, owner, name, descriptor) -> {
                        if (owner.equals(to) && name.equals("<init>")) {
                            requireConstructor(declaration, ours, descriptor);
                        }
                    });
            // Whether it fits where the replaced object went, only the verifier can tell.
            Class.forName(declaration.className(), true, loader);
        } catch (ClassNotFoundException e) {
            report(declaration, "is missing: class " + e.getMessage());
        } catch (VerifyError e) {
            report(declaration, "does not fit where the other went: " + e.getMessage());
        }
    }

    private void requireConstructor(Declaration declaration, Class<?> type, String descriptor) {
        try {
            MethodType call = MethodType.fromMethodDescriptorString(descriptor, loader);
            type.getConstructor(call.parameterArray());
        } catch (NoSuchMethodException | TypeNotPresentException e) {
            report(declaration, "is missing: public constructor " + descriptor);
        }
    }

    private Class<?> load(String internalName) throws ClassNotFoundException {
        return Class.forName(internalName.replace('/', '.'), false, loader);
    }

    private void report(Declaration declaration, String problem) {
        problems.add(
                "line "
                        + declaration.line()
                        + ": "
                        + declaration.argument().replace('/', '.')
                        + " "
                        + problem);
    }

    private interface CallVisitor {
        void visit(int opcode, String owner, String name, String descriptor);
    }

    /** Visits the calls in the declared method of the opened class; reports when none is ours. */
    private void forEachCall(Declaration declaration, CallVisitor calls) {
        String[] target = declaration.argument().split("[#>]");
        String ours = declaration.kind() == Kind.REDIRECT ? target[1] : target[0];
        boolean[] found = new boolean[1];
        ClassVisitor visitor =
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String desc, String sig, String[] ex) {
                        if (!declaration.matches(name, desc)) {
                            return null;
                        }
                        return new MethodVisitor(Opcodes.ASM9) {
                            @Override
                            public void visitMethodInsn(
                                    int opcode, String owner, String name, String d, boolean i) {
                                found[0] |= owner.equals(ours);
                                calls.visit(opcode, owner, name, d);
                            }
                        };
                    }
                };
        String resource = declaration.owner() + ".class";
        try (InputStream bytes = loader.getResourceAsStream(resource)) {
            if (bytes != null) {
                new ClassReader(bytes).accept(visitor, ClassReader.SKIP_DEBUG);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
        if (!found[0]) {
            report(declaration, "is not called by " + declaration.className());
        }
    }
}
