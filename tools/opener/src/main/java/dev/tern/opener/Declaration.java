package dev.tern.opener;

import java.util.Objects;

/**
 * One line of a declaration file: a change to one member of one released class.
 *
 * @param kind what is changed
 * @param owner internal name of the class, for example {@code org/apache/flink/Foo$Bar}
 * @param member name of the field, method or constructor ({@code <init>}); empty for {@code TYPE},
 *     the resource path for {@code DROP}
 * @param descriptor JVM descriptor of the method, or empty when the name alone must be unique
 * @param argument the hook's target {@code owner#method}, or for {@code REDIRECT} the two types
 * @param makeVolatile whether an opened field also becomes volatile
 * @param reason why Tern needs it
 * @param section title of the section of the generated page that the line stands under
 * @param line where the declaration stands, 1-based
 */
public record Declaration(
        Kind kind,
        String owner,
        String member,
        String descriptor,
        String argument,
        boolean makeVolatile,
        String reason,
        String section,
        int line) {

    /** The ways in which a released class may be changed. */
    public enum Kind {
        /** The class becomes public. */
        TYPE,
        /** The field becomes public and loses {@code final}. */
        FIELD,
        /** The method becomes public and loses {@code final}. */
        METHOD,
        /** The constructor becomes public. */
        CONSTRUCTOR,
        /** A static method is called on entry with {@code this} and the arguments. */
        ENTER,
        /** Like ENTER on a void method; when the target returns true the body does not run. */
        INTERCEPT,
        /** A static method is called before each return: result, {@code this}, arguments. */
        EXIT,
        /** {@code new A(..)} in the method becomes {@code new B(..)}. */
        REDIRECT,
        /** A resource of the released jar is left out, because ours takes its place. */
        DROP
    }

    public Declaration {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(reason);
        if (reason.isBlank()) {
            throw new DeclarationException(line, "has no reason; every opening needs one");
        }
    }

    /** The class name as written in Java. */
    public String className() {
        return owner.replace('/', '.');
    }

    boolean matches(String name, String methodDescriptor) {
        return member.equals(name)
                && (descriptor.isEmpty() || descriptor.equals(methodDescriptor));
    }
}
