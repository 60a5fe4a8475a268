package dev.tern.client.check;

import javax.annotation.Nullable;

/** A program cannot be checked; the message is a sentence for the user. */
public final class JarCheckException extends Exception {

    private static final long serialVersionUID = 1L;

    JarCheckException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
