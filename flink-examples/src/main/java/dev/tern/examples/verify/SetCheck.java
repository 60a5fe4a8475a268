package dev.tern.examples.verify;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares results that have no order of their own: each exactly as often as it must occur. */
public final class SetCheck {

    private SetCheck() {}

    /** Compares results with those expected. */
    public static Verification of(List<ResultLine> results, Collection<ResultLine> expected) {
        Map<ResultLine, Integer> balance = new HashMap<>();
        expected.forEach(result -> balance.merge(result, 1, Integer::sum));
        results.forEach(result -> balance.merge(result, -1, Integer::sum));
        Verification.Builder findings = new Verification.Builder();
        balance.forEach(
                (result, missing) -> {
                    if (missing != 0) {
                        findings.add(
                                "Key "
                                        + result.key()
                                        + ", record "
                                        + result.recordId()
                                        + ": '"
                                        + result.value()
                                        + (missing > 0
                                                ? "' is missing " + missing
                                                : "' is there " + -missing)
                                        + (missing > 0 ? " times." : " times too often."));
                    }
                });
        return findings.of(results.size());
    }
}
