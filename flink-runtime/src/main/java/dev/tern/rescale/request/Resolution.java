package dev.tern.rescale.request;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a request means for the job it was sent to. */
public sealed interface Resolution {

    /**
     * A complete and valid request.
     *
     * @param changes what is to change: first the vertex that was asked for, then those that can
     *     only change with it
     * @param strategy how key groups are migrated
     * @param options options of the strategy that the request gave
     * @param placement who gets them
     * @param mode whether the job can keep running
     * @param reason why the job has to be restarted, a sentence; empty for {@link
     *     RescaleMode#LIVE}
     */
    record Resolved(
            List<ParallelismChange> changes,
            String strategy,
            Map<String, String> options,
            String placement,
            RescaleMode mode,
            String reason)
            implements Resolution {

        public Resolved {
            changes = List.copyOf(changes);
            Objects.requireNonNull(strategy, "strategy");
            options = Map.copyOf(options);
            Objects.requireNonNull(placement, "placement");
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(reason, "reason");
        }

        /** The vertex that was asked for. */
        public ParallelismChange first() {
            return changes.get(0);
        }

        /** Names of the others. */
        public List<String> together() {
            return changes.stream().skip(1).map(ParallelismChange::vertexName).toList();
        }

        /** The same by a restart of the job, for this reason. */
        public Resolved asRestart(String why) {
            return new Resolved(
                    changes, strategy, options, placement, RescaleMode.RESTART, why);
        }
    }

    /**
     * A request that cannot be followed.
     *
     * @param refusal why, and what to do
     */
    record Rejected(RescaleAnswer.Refused refusal) implements Resolution {}
}
