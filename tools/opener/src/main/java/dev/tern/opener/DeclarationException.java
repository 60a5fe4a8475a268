package dev.tern.opener;

import java.util.List;

/** A declaration that cannot be carried out; the build stops with its line. */
public final class DeclarationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeclarationException(int line, String problem) {
        super("declaration line " + line + " " + problem);
    }

    DeclarationException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
