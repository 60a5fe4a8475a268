package dev.tern.client.cli;

/** Reads the errors of Flink's REST API. */
final class RestErrors {

    private RestErrors() {}

    /**
     * The first line of an error. Flink's client hands errors over as the text of a list, and
     * Flink's own handlers append a stack trace.
     */
    static String sentence(String message) {
        String text = message.strip();
        if (text.startsWith("[") && text.endsWith("]")) {
            text = text.substring(1, text.length() - 1);
        }
        String line = text.lines().findFirst().orElse("The cluster gave no reason.");
        return line.replaceFirst("^[\\w.$]*RestHandlerException: ", "");
    }

    /** Whether the endpoint has no handler for the path that was asked for. */
    static boolean isUnknownPath(int status, String sentence) {
        return status == 404
                && (sentence.startsWith("Unable to load requested file")
                        || sentence.startsWith("Not found"));
    }
}
