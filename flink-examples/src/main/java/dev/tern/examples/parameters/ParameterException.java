package dev.tern.examples.parameters;

/** A command line that cannot be used, with the reason in one sentence for the user. */
public final class ParameterException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public ParameterException(String sentence) {
        super(sentence);
    }
}
