package dev.tern.rescale.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.streaming.api.graph.StreamingJobGraphGenerator;
import org.apache.flink.util.SerializedValue;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Calls and answers survive the way between client and JobMaster. */
class RescaleMessagesTest {

    private static final DryRunReport REPORT =
            new DryRunReport(
                    Rescales.VERTEX_ID,
                    "Counter",
                    2,
                    4,
                    List.of("Writer"),
                    "aligned",
                    "minimal",
                    RescaleMode.LIVE,
                    "",
                    List.of(
                            new DryRunReport.Move(0, 2, List.of(3, 4), 100),
                            new DryRunReport.Move(1, 3, List.of(9), 50)),
                    120,
                    2,
                    List.of(
                            new DryRunReport.VertexObstacles(
                                    "01", "Source", 2, List.of("is a source"))));

    @Test
    void everyCallArrivesAsItWasSent() throws Exception {
        List<CoordinationRequest> calls =
                List.of(
                        new RescaleCall.Submit(RescaleRequest.empty()),
                        new RescaleCall.Submit(
                                RescaleRequest.of("Counter", 4, "aligned", "minimal", true, true)),
                        new RescaleCall.History(),
                        new RescaleCall.Details("r1"));
        for (CoordinationRequest call : calls) {
            assertThat(copy(call)).isEqualTo(call);
        }
    }

    @Test
    void everyAnswerArrivesAsItWasSent() throws Exception {
        RescaleRecord rescale = Rescales.completed("r1", 100);
        List<CoordinationResponse> answers =
                List.of(
                        new RescaleAnswer.Accepted(rescale),
                        new RescaleAnswer.Refused(RefusalKind.CONFLICT, "No."),
                        new RescaleAnswer.Plan(REPORT),
                        new RescaleAnswer.HistoryAnswer(List.of(rescale)),
                        new RescaleAnswer.DetailsAnswer(rescale.restarting("Why.")));
        for (CoordinationResponse answer : answers) {
            assertThat(copy(answer)).isEqualTo(answer);
        }
    }

    @Test
    void aReportAddsItsMovesUp() {
        assertThat(REPORT.keyGroupsMoved()).isEqualTo(3);
        assertThat(REPORT.bytesMoved()).isEqualTo(150);
    }

    @Test
    void oneUnknownSizeMakesTheSumUnknown() {
        DryRunReport unknown =
                new DryRunReport(
                        "0a",
                        "Counter",
                        2,
                        3,
                        List.of("Writer"),
                        "aligned",
                        "minimal",
                        RescaleMode.LIVE,
                        "",
                        List.of(
                                new DryRunReport.Move(0, 2, List.of(3), 100),
                                new DryRunReport.Move(
                                        1, 2, List.of(9), DryRunReport.UNKNOWN_BYTES)),
                        DryRunReport.UNKNOWN_BYTES,
                        1,
                        List.of());
        assertThat(unknown.bytesMoved()).isEqualTo(DryRunReport.UNKNOWN_BYTES);
        assertThat(unknown.keyGroupsMoved()).isEqualTo(2);
    }

    @Test
    void theOperatorIdIsWhatTheDispatcherDerivesFromTheUid() {
        assertThat(RescaleControl.OPERATOR_ID)
                .isEqualTo(StreamingJobGraphGenerator.generateOperatorID("tern-rescale-control"));
        assertThat(RescaleControl.newRescaleId()).matches("[0-9a-f]{32}");
    }

    private static <T> T copy(T message) throws Exception {
        return new SerializedValue<>(message)
                .deserializeValue(RescaleMessagesTest.class.getClassLoader());
    }
}
