package dev.tern.opener;

import dev.tern.opener.ClassIndex.Entry;
import dev.tern.opener.ClassIndex.Member;
import dev.tern.opener.Declaration.Kind;

import org.objectweb.asm.Opcodes;

import java.util.List;

/**
 * Refuses to open a method when a subclass that could not see it declares the same signature: the
 * two were unrelated before, and the opened one would suddenly be overridden. Private methods are
 * hidden from every subclass, package-private ones from those of other packages.
 */
final class AccidentalOverrides {

    private AccidentalOverrides() {}

    static void refuse(List<Declaration> declarations, ClassIndex index) {
        for (Declaration declaration : declarations) {
            if (declaration.kind() == Kind.METHOD) {
                refuse(declaration, index);
            }
        }
    }

    private static void refuse(Declaration declaration, ClassIndex index) {
        for (Member method : index.get(declaration.owner()).methods()) {
            if (!declaration.matches(method.name(), method.descriptor())) {
                continue;
            }
            for (Entry subclass : index.subclassesOf(declaration.owner())) {
                if (sees(subclass.name(), declaration.owner(), method)) {
                    continue;
                }
                for (Member other : subclass.methods()) {
                    if (other.name().equals(method.name())
                            && other.descriptor().equals(method.descriptor())) {
                        throw new DeclarationException(
                                declaration.line(),
                                "would let "
                                        + subclass.name().replace('/', '.')
                                        + " override the hidden "
                                        + declaration.className()
                                        + "#"
                                        + method.name());
                    }
                }
            }
        }
    }

    private static boolean sees(String subclass, String owner, Member method) {
        if ((method.access() & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0) {
            return true;
        }
        boolean isPrivate = (method.access() & Opcodes.ACC_PRIVATE) != 0;
        return !isPrivate && packageOf(subclass).equals(packageOf(owner));
    }

    private static String packageOf(String internalName) {
        return internalName.substring(0, internalName.lastIndexOf('/') + 1);
    }
}
