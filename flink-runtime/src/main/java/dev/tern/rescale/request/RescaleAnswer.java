package dev.tern.rescale.request;

import org.apache.flink.runtime.operators.coordination.CoordinationResponse;

import java.util.List;
import java.util.Objects;

/** An answer of the rescale coordinator of a job. */
public sealed interface RescaleAnswer extends CoordinationResponse {

    /**
     * The rescale will be done, or is running.
     *
     * @param rescale how it stands
     */
    record Accepted(RescaleRecord rescale) implements RescaleAnswer {
        public Accepted {
            Objects.requireNonNull(rescale, "rescale");
        }
    }

    /**
     * The call cannot be followed and has changed nothing.
     *
     * @param kind what is wrong
     * @param sentence what is wrong with which id, and what to do; one sentence or two
     */
    record Refused(RefusalKind kind, String sentence) implements RescaleAnswer {
        public Refused {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(sentence, "sentence");
        }

        /** A refusal with a formatted sentence. */
        public static Refused of(RefusalKind kind, String format, Object... arguments) {
            return new Refused(kind, String.format(format, arguments));
        }
    }

    /**
     * The answer to a dry run.
     *
     * @param report what would be done
     */
    record Plan(DryRunReport report) implements RescaleAnswer {
        public Plan {
            Objects.requireNonNull(report, "report");
        }
    }

    /**
     * What could be rescaled.
     *
     * @param report all vertices
     */
    record CheckAnswer(CheckReport report) implements RescaleAnswer {
        public CheckAnswer {
            Objects.requireNonNull(report, "report");
        }
    }

    /**
     * The rescales of the job.
     *
     * @param rescales newest first
     */
    record HistoryAnswer(List<RescaleRecord> rescales) implements RescaleAnswer {
        public HistoryAnswer {
            rescales = List.copyOf(rescales);
        }
    }

    /**
     * One rescale of the job.
     *
     * @param rescale how it stands
     */
    record DetailsAnswer(RescaleRecord rescale) implements RescaleAnswer {
        public DetailsAnswer {
            Objects.requireNonNull(rescale, "rescale");
        }
    }
}
