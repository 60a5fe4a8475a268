package dev.tern.rescale.request;

/**
 * Everything that can stand against rescaling something while it runs. Most are the end of a
 * sentence about a vertex or an operator, some are sentences. The table of docs/CORRECTNESS.md quotes
 * each of them, and a test compares the two.
 */
public enum Obstacle {
    // In the shape of a job; the first one also of an operator.
    SOURCE("is a source"),
    COORDINATOR("contains an operator with a coordinator on the JobManager"),
    RESULT_NOT_PIPELINED("produces a result of type %s"),
    INPUT_NOT_PIPELINED("reads a result of type %s"),
    OTHER_EDGE(
            "reads '%s' over a %s edge, and only keyed (HASH) and broadcast inputs, or inputs that"
                    + " are all spread (REBALANCE, SHUFFLE), can be re-routed"),
    UNEVEN_POINTWISE_EDGE(
            "reads '%s' over a pointwise %s edge from %d to %d subtasks, and only equal numbers can"
                    + " be rescaled together; put a rebalance() or keyBy() there"),
    POINTWISE_AMONG_OTHERS(
            "reads '%s' over a pointwise %s edge and other inputs over edges of other kinds; put a"
                    + " rebalance() or keyBy() there"),
    TIED_TO_ANOTHER("is connected over pointwise edges with '%s', which %s"),

    // Sentences about a task.
    GENERALIZED_WATERMARKS(
            "The task uses generalized watermarks, whose progress per channel cannot be handed to"
                    + " other subtasks."),
    STRAY_INPUT(
            "Input %d is neither keyed nor broadcast, so that its records belong to no subtask in"
                    + " particular."),
    NO_KEYED_STATE("It has no keyed state to rescale by."),
    STATE_WITHOUT_KEYS("It has keyed state, but its records do not find it by key."),

    // About an operator: what it holds outside of state.
    ASYNCHRONOUS_WAIT("keeps records that wait for an asynchronous result"),
    FILE_SPLITS("keeps file splits that are still to be read"),
    WRITE_AHEAD_SINK("is a write-ahead sink"),
    GLOBAL_COMMITTER("is a global committer, which keeps what is still to be committed"),
    PYTHON("runs Python code, which caches state in its own process"),
    INPUT_SELECTION("selects the input it reads from, and may hold back the other"),
    EMITS_AT_END("collects its whole input before it emits anything"),
    HOLDS_UNTIL_CHECKPOINT(
            "holds records that it gives away only at a checkpoint, and would lose them with a"
                    + " retiring subtask"),
    UNKNOWN_CACHE("caches keyed state in a way that is not known (%s)"),
    POOLED_TRANSACTIONS(
            "is a KafkaSink with TransactionNamingStrategy.POOLING, whose writers must all begin at"
                    + " the same parallelism (INCREMENTING, the default, can be rescaled)"),
    COMMITS_WITHOUT_CHECKPOINTS("commits at checkpoints, and the job takes none"),

    // About an operator: its state.
    UNKNOWN_OPERATOR(
            "extends neither AbstractStreamOperator nor AbstractStreamOperatorV2, so its state cannot"
                    + " be found"),
    BACKEND(
            "keeps its keyed state in %s, which does not move live yet (state.backend.type hashmap"
                    + " and rocksdb do)"),
    CHANGELOG_BACKEND(
            "keeps its keyed state in a changelog backend (state.changelog.enabled), which does not"
                    + " move live"),
    ROCKSDB_OF_A_JAR(
            "keeps its keyed state in RocksDB of a jar that is not this distribution's"
                    + " (flink-statebackend-rocksdb), which does not move live"),
    ASYNCHRONOUS_BACKEND(
            "keeps its keyed state in %s, an asynchronous backend of its own, which does not move"
                    + " live (state.backend.type hashmap and rocksdb do)"),
    RAW_KEYED_STATE("writes raw keyed state, which only it can read"),
    STATE_TABLE("keeps state '%s' in a %s, which cannot be moved"),
    TIMERS("keeps its timers in a %s, which does not move live"),
    INCREMENTAL_CLEANUP(
            "cleans up state '%s' incrementally in a way that cannot be restarted"),
    OPERATOR_STATE("keeps operator state in an unknown %s"),
    BROADCAST_STATE_WITHOUT_INPUT(
            "has broadcast state '%s' but no broadcast input, so that it is not known when a new"
                    + " subtask could take it over"),
    UNION_LIST_STATE("has union list state '%s', which a new subtask would miss"),
    LIST_STATE("has list state '%s', which would be lost with a retiring subtask"),
    LIST_STATE_AT_CHECKPOINTS(
            "has a function that fills list state '%s' at checkpoints and would lose it with a"
                    + " retiring subtask");

    /** An obstacle with names and numbers. Only obstacles of the list above can be named. */
    public static final class Reason {

        private final String text;

        private Reason(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final String format;

    Obstacle(String format) {
        this.format = format;
    }

    /** The text, with places for names and numbers as {@link String#format} knows them. */
    public String format() {
        return format;
    }

    /** The obstacle as it was met. */
    public Reason reason(Object... arguments) {
        return new Reason(String.format(format, arguments));
    }
}
