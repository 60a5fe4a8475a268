package dev.tern.tests;

/** How much of the suite runs: a core by default, all of it with {@code -Pconformance}. */
final class Suite {

    private Suite() {}

    static boolean isFull() {
        return Boolean.getBoolean("tern.conformance.full");
    }
}
