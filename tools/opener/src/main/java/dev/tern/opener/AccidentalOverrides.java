package dev.tern.opener;

import dev.tern.opener.ClassIndex.Entry;
import dev.tern.opener.ClassIndex.Member;
import dev.tern.opener.Declaration.Kind;

import org.objectweb.asm.Opcodes;

import java.util.List;

/**
 * Refuses to open a private method when a subclass declares the same signature: the two were
 * unrelated before, and the opened one would suddenly be overridden.
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
            boolean isPrivate = (method.access() & Opcodes.ACC_PRIVATE) != 0;
            if (!isPrivate || !declaration.matches(method.name(), method.descriptor())) {
                continue;
            }
            for (Entry subclass : index.subclassesOf(declaration.owner())) {
                for (Member other : subclass.methods()) {
                    if (other.name().equals(method.name())
                            && other.descriptor().equals(method.descriptor())) {
                        throw new DeclarationException(
                                declaration.line(),
                                "would let "
                                        + subclass.name().replace('/', '.')
                                        + " override the private "
                                        + declaration.className()
                                        + "#"
                                        + method.name());
                    }
                }
            }
        }
    }
}
