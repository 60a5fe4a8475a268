package dev.tern.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Errors of the REST API, reduced to a sentence. */
class RestErrorsTest {

    @Test
    void aSentenceIsTakenOutOfItsList() {
        assertThat(RestErrors.sentence("[There is no job \"x\".]"))
                .isEqualTo("There is no job \"x\".");
    }

    @Test
    void aStackTraceIsCutOff() {
        assertThat(
                        RestErrors.sentence(
                                "[org.apache.flink.runtime.rest.handler.RestHandlerException: Bad"
                                        + " request.\n\tat a.B.c(B.java:1)\n]"))
                .isEqualTo("Bad request.");
    }

    @Test
    void nothingIsSaidInWords() {
        assertThat(RestErrors.sentence("[]")).isEqualTo("The cluster gave no reason.");
    }

    @Test
    void aMissingHandlerIsNotAMissingJob() {
        assertThat(RestErrors.isUnknownPath(404, "Unable to load requested file /x.")).isTrue();
        assertThat(RestErrors.isUnknownPath(404, "Not found: /jobs/x/rescales")).isTrue();
        assertThat(RestErrors.isUnknownPath(404, "There is no running job x.")).isFalse();
        assertThat(RestErrors.isUnknownPath(500, "Not found: /jobs")).isFalse();
    }
}
