package dev.tern.client.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.client.check.CallSite.Frame;

import org.junit.jupiter.api.Test;

import java.util.List;

class CallSiteTest {

    private static final Frame OURS = frame("dev.tern.client.check.RecordingEnvironment", false);
    private static final Frame FLINK =
            new Frame("org.apache.flink.streaming.DataStream", "map", false, "DataStream.java", 1);
    private static final Frame CONNECTOR =
            new Frame("org.apache.flink.connector.Topic", "sink", true, "Topic.java", 2);
    private static final Frame PROGRAM = new Frame("a.Job", "build", true, "Job.java", 3);
    private static final Frame MAIN = new Frame("a.Job", "main", true, "Job.java", 4);

    @Test
    void theInnermostLineOfTheProgramCounts() {
        assertThat(CallSite.of(List.of(OURS, FLINK, PROGRAM, MAIN, OURS)))
                .contains(new CallSite("Job.java", 3, "map"));
    }

    @Test
    void aConnectorInTheJarIsNotTheProgram() {
        assertThat(CallSite.of(List.of(FLINK, CONNECTOR, MAIN)))
                .contains(new CallSite("Job.java", 4, "sink"));
    }

    @Test
    void unlessTheProgramIsOneOfFlinks() {
        assertThat(CallSite.of(List.of(OURS, FLINK, CONNECTOR)))
                .contains(new CallSite("Topic.java", 2, "map"));
    }

    @Test
    void aProgramOnTheClassPathOfTheClientIsKnownByNotBeingAnotherOnes() {
        Frame onClassPath = new Frame("a.Job", "main", false, "Job.java", 5);
        assertThat(CallSite.of(List.of(OURS, FLINK, onClassPath, frame("java.lang.Thread", false))))
                .contains(new CallSite("Job.java", 5, "map"));
    }

    @Test
    void withoutAProgramThereIsNoLine() {
        assertThat(CallSite.of(List.of(OURS, FLINK, frame("java.lang.Thread", false)))).isEmpty();
        assertThat(CallSite.of(List.of())).isEmpty();
    }

    @Test
    void aClassWithoutLineNumbersIsNamedByItsMethod() {
        Frame bare = new Frame("a.b.Job", "main", true, null, -1);
        assertThat(CallSite.of(List.of(FLINK, bare)).map(CallSite::toString))
                .contains("Job.main: .map(...)");
        assertThat(new CallSite("Job.java", 7, "map")).hasToString("Job.java:7: .map(...)");
    }

    private static Frame frame(String type, boolean ofProgram) {
        return new Frame(type, "any", ofProgram, "Any.java", 9);
    }
}
