package dev.tern.examples.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * What a check has found.
 *
 * @param results number of results that were compared
 * @param wrong number of findings
 * @param findings the first of them, a sentence each
 */
public record Verification(long results, long wrong, List<String> findings) {

    private static final int SHOWN = 20;

    public Verification {
        findings = List.copyOf(findings);
    }

    /** The outcome of a check that lists all its findings. */
    public static Verification of(long results, List<String> all) {
        return new Verification(results, all.size(), all.subList(0, Math.min(SHOWN, all.size())));
    }

    /** Whether the output is what it must be. */
    public boolean agrees() {
        return wrong == 0;
    }

    /** The outcome for people. */
    public String text() {
        if (agrees()) {
            return "Verified: " + results + " results, all as computed from seed and record ids.";
        }
        return "Not as computed from seed and record ids: "
                + wrong
                + " findings in "
                + results
                + " results.\n  "
                + String.join("\n  ", findings)
                + (wrong > findings.size() ? "\n  ..." : "");
    }

    /** Both checks together. */
    public Verification and(Verification other) {
        List<String> both = new ArrayList<>(findings);
        both.addAll(other.findings);
        return new Verification(
                results + other.results,
                wrong + other.wrong,
                both.subList(0, Math.min(SHOWN, both.size())));
    }

    /** Collects findings and keeps the first of them. */
    static final class Builder {

        private final List<String> findings = new ArrayList<>();
        private long wrong;

        void add(String finding) {
            wrong++;
            if (findings.size() < SHOWN) {
                findings.add(finding);
            }
        }

        Verification of(long results) {
            return new Verification(results, wrong, findings);
        }
    }
}
