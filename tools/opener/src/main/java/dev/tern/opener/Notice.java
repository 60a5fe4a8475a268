package dev.tern.opener;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says in NOTICE which released classes are changed, as section 4b of the Apache License asks: once
 * for the project, once inside each opened jar after upstream's own notice.
 */
public final class Notice {

    private static final String PROJECT =
            """
            Tern
            Copyright 2026 The Tern authors

            This product includes software developed at
            The Apache Software Foundation (http://www.apache.org/).

            Tern is built from the released artifacts of Apache Flink %s
            (Copyright 2014-2025 The Apache Software Foundation), which are licensed under
            the Apache License, Version 2.0. It holds no source of Apache Flink. It is not a
            product of the Apache Software Foundation and not endorsed by it.

            Each repackaged jar keeps the LICENSE and NOTICE it was released with.
            """;

    private static final String JAR =
            """

            // ------------------------------------------------------------------
            // Changes by Tern
            // ------------------------------------------------------------------

            This jar is %s as released by Apache Flink, repackaged by Tern.
            The classes under dev.tern are additions.
            """;

    private Notice() {}

    /**
     * The NOTICE of the project.
     *
     * @param version the Flink release that is opened
     * @param declarations by name of the released artifact, in the order to be listed
     */
    public static String ofProject(String version, Map<String, List<Declaration>> declarations) {
        StringBuilder notice = new StringBuilder(PROJECT.formatted(version));
        declarations.forEach(
                (artifact, changes) -> {
                    String released = "org.apache.flink:" + artifact + ":" + version;
                    notice.append('\n').append(modified(released, changes));
                });
        return notice.toString();
    }

    /** What is added to the NOTICE inside an opened jar. */
    static String ofJar(String artifact, List<Declaration> declarations) {
        return JAR.formatted(artifact) + modified("it", declarations);
    }

    private static String modified(String released, List<Declaration> declarations) {
        List<String> classes = List.copyOf(Opener.changedClasses(declarations));
        if (classes.isEmpty()) {
            return "No class of " + released + " is modified.\n";
        }
        return "Modified classes of %s (access flags, hooks;\n".formatted(released)
                + "classes that refer to a nested one of them carry its new flags):\n"
                + classes.stream().collect(Collectors.joining("\n- ", "- ", "\n"));
    }
}
