package dev.tern.rescale.config;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

import java.time.Duration;
import java.util.List;

/**
 * The options of live rescaling, read from {@code conf/config.yaml}. Those in {@link #REQUEST} are
 * also read from {@code conf/scale-conf.properties}, see {@link ScaleConf}.
 */
public final class RescaleOptions {

    /** How key groups are migrated if a request does not say. */
    public static final ConfigOption<String> STRATEGY =
            ConfigOptions.key("rescale.strategy")
                    .stringType()
                    .defaultValue("stepwise")
                    .withDescription(
                            "How key groups move from their old to their new owner if a request"
                                    + " does not say.");

    /** Who gets the key groups if a request does not say. */
    public static final ConfigOption<String> PLACEMENT =
            ConfigOptions.key("rescale.placement")
                    .stringType()
                    .defaultValue("minimal")
                    .withDescription(
                            "Which subtask gets which key group if a request does not say:"
                                    + " minimal moves as little as possible, contiguous ends with"
                                    + " the ranges a restart would give.");

    /** The vertex to rescale if a request does not say. */
    public static final ConfigOption<String> VERTEX =
            ConfigOptions.key("rescale.vertex")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Id or name of the vertex to rescale if a request does not say. Without"
                                    + " it the only vertex that can be rescaled is taken.");

    /** The parallelism to rescale to if a request does not say. */
    public static final ConfigOption<Integer> PARALLELISM =
            ConfigOptions.key("rescale.parallelism")
                    .intType()
                    .noDefaultValue()
                    .withDescription("Parallelism to rescale to if a request does not say.");

    /** How long a rescale waits for slots. */
    public static final ConfigOption<Duration> SLOT_TIMEOUT =
            ConfigOptions.key("rescale.slot-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription(
                            "How long a rescale waits until there are slots for all new subtasks."
                                    + " After that it is refused; it is never done in part.");

    /** How long tasks may take to get ready. */
    public static final ConfigOption<Duration> PREPARE_TIMEOUT =
            ConfigOptions.key("rescale.prepare-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription(
                            "How long tasks may take for each step of getting ready. After that the"
                                    + " rescale is undone and the job goes on as before.");

    /** How long a migration step may take. */
    public static final ConfigOption<Duration> STEP_TIMEOUT =
            ConfigOptions.key("rescale.step-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(60))
                    .withDescription(
                            "How long a set of key groups that moves together may take. After that"
                                    + " the job is restarted from its last checkpoint.");

    /** How long records may wait in one step. */
    public static final ConfigOption<Duration> MAX_SUSPENSION =
            ConfigOptions.key("rescale.max-suspension")
                    .durationType()
                    .noDefaultValue()
                    .withDescription(
                            "How long records of one key group may wait while it moves. When a step"
                                    + " took longer, or the next one would by the speed of those"
                                    + " before, the rescale stops there: each key group stays"
                                    + " where it is, and the job goes on without a restart. It"
                                    + " cannot stop in the middle of a step, so choose steps that"
                                    + " are small (rescale.step-size). Not limited by default.");

    /** How long a pending checkpoint may hold up a rescale. */
    public static final ConfigOption<Duration> QUIESCE_CHECKPOINT_TIMEOUT =
            ConfigOptions.key("rescale.quiesce-checkpoint-timeout")
                    .durationType()
                    .defaultValue(Duration.ofMillis(200))
                    .withDescription(
                            "How long a rescale waits for a pending periodic checkpoint before it"
                                    + " aborts it. A savepoint is always awaited.");

    /** How many rescales are remembered. */
    public static final ConfigOption<Integer> HISTORY_SIZE =
            ConfigOptions.key("rescale.history-size")
                    .intType()
                    .defaultValue(20)
                    .withDescription(
                            "How many rescales of a job the JobManager remembers and shows at"
                                    + " /jobs/:jobid/rescales/history.");

    /** How much state moves together under strategy {@code stepwise}. */
    public static final ConfigOption<MemorySize> STEP_SIZE =
            ConfigOptions.key("rescale.step-size")
                    .memoryType()
                    .defaultValue(MemorySize.parse("24mb"))
                    .withDescription(
                            "How much state moves together under strategy stepwise (its option"
                                    + " step-size). Smaller steps make records wait for less time"
                                    + " and the rescale take longer. There are at most 64 steps.");

    /** Memory for records that wait for their state. */
    public static final ConfigOption<MemorySize> SET_ASIDE_MEMORY =
            ConfigOptions.key("rescale.set-aside.memory")
                    .memoryType()
                    .defaultValue(MemorySize.parse("64mb"))
                    .withDescription(
                            "Memory of one task for records whose key group is still on its way."
                                    + " What does not fit is written to the temporary directories"
                                    + " of the TaskManager.");

    /** Whether state may change hands without a copy. */
    public static final ConfigOption<Boolean> TRANSFER_BY_REFERENCE =
            ConfigOptions.key("rescale.transfer.by-reference")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether state that moves between two subtasks of one TaskManager is"
                                    + " handed over without a copy, where its backend and"
                                    + " serializers allow it.");

    /** Whether every record is checked against the ownership. */
    public static final ConfigOption<Boolean> ASSERT_OWNERSHIP =
            ConfigOptions.key("rescale.assert-ownership")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether a subtask fails when it gets a record of a key group that it"
                                    + " does not own. Costs a hash for every record; for tests.");

    static final CheckedOption<String> CHECKED_STRATEGY =
            CheckedOption.text(STRATEGY, "name of a strategy");

    static final CheckedOption<String> CHECKED_PLACEMENT =
            CheckedOption.text(PLACEMENT, "name of a placement");
    static final CheckedOption<String> CHECKED_VERTEX =
            CheckedOption.text(VERTEX, "id or name of a vertex");
    static final CheckedOption<Integer> CHECKED_PARALLELISM =
            CheckedOption.integer(PARALLELISM, 1, 32768);
    static final CheckedOption<Duration> CHECKED_SLOT_TIMEOUT =
            CheckedOption.duration(SLOT_TIMEOUT, Duration.ZERO, Duration.ofHours(24));
    static final CheckedOption<Duration> CHECKED_PREPARE_TIMEOUT =
            CheckedOption.duration(PREPARE_TIMEOUT, Duration.ofMillis(1), Duration.ofHours(1));
    static final CheckedOption<Duration> CHECKED_STEP_TIMEOUT =
            CheckedOption.duration(STEP_TIMEOUT, Duration.ofMillis(1), Duration.ofHours(24));
    static final CheckedOption<Duration> CHECKED_MAX_SUSPENSION =
            CheckedOption.duration(
                    MAX_SUSPENSION, Duration.ofMillis(1), Duration.ofHours(24));
    static final CheckedOption<Duration> CHECKED_QUIESCE_CHECKPOINT_TIMEOUT =
            CheckedOption.duration(
                    QUIESCE_CHECKPOINT_TIMEOUT, Duration.ZERO, Duration.ofHours(1));
    static final CheckedOption<Integer> CHECKED_HISTORY_SIZE =
            CheckedOption.integer(HISTORY_SIZE, 1, 1000);
    static final CheckedOption<MemorySize> CHECKED_STEP_SIZE =
            CheckedOption.memory(STEP_SIZE, "1 b", "16 gb");
    static final CheckedOption<MemorySize> CHECKED_SET_ASIDE_MEMORY =
            CheckedOption.memory(SET_ASIDE_MEMORY, "64 kb", "16 gb");
    static final CheckedOption<Boolean> CHECKED_TRANSFER_BY_REFERENCE =
            CheckedOption.flag(TRANSFER_BY_REFERENCE);
    static final CheckedOption<Boolean> CHECKED_ASSERT_OWNERSHIP =
            CheckedOption.flag(ASSERT_OWNERSHIP);

    /** The options that stand in for what a request leaves out. */
    public static final List<CheckedOption<?>> REQUEST =
            List.of(CHECKED_VERTEX, CHECKED_PARALLELISM, CHECKED_STRATEGY, CHECKED_PLACEMENT);

    /** The options of the cluster. */
    public static final List<CheckedOption<?>> CLUSTER =
            List.of(
                    CHECKED_SLOT_TIMEOUT,
                    CHECKED_QUIESCE_CHECKPOINT_TIMEOUT,
                    CHECKED_PREPARE_TIMEOUT,
                    CHECKED_STEP_TIMEOUT,
                    CHECKED_MAX_SUSPENSION,
                    CHECKED_HISTORY_SIZE,
                    CHECKED_STEP_SIZE,
                    CHECKED_SET_ASIDE_MEMORY,
                    CHECKED_TRANSFER_BY_REFERENCE,
                    CHECKED_ASSERT_OWNERSHIP);

    private RescaleOptions() {}
}
