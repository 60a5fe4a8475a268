package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Random records, moves, time and restarts among four subtasks give what one map would give that
 * knows nothing of subtasks.
 */
class RandomMovesTest {

    private static final int MAX = HarnessSubtask.MAX_PARALLELISM;
    private static final int PARALLELISM = 4;
    private static final int STEPS = 800;

    private final Map<Integer, List<Long>> oracle = new TreeMap<>();
    private final Map<Long, TreeSet<Integer>> eventTimers = new TreeMap<>();
    private final Map<Long, TreeSet<Integer>> processingTimers = new TreeMap<>();
    private final List<String> expected = new ArrayList<>();
    private final List<HarnessSubtask> subtasks = new ArrayList<>();
    private final List<OwnershipAssertion> watches = new ArrayList<>();
    private final int[] owners = new int[MAX];
    private long watermark;
    private long processingTime;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void movesAreInvisible(long seed) throws Exception {
        Random random = new Random(seed);
        start(null);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> move(random);
                case 3 -> advance(random);
                case 4 -> shrinkToHull(random.nextInt(PARALLELISM));
                case 5 -> restartNowAndThen(random);
                default -> send(random);
            }
            assertThat(outputs()).as("step %d", step).containsExactlyInAnyOrderElementsOf(expected);
            expected.clear();
            for (int subtask = 0; subtask < PARALLELISM; subtask++) {
                subtasks.get(subtask).state().assertOwnership(owned(subtask));
            }
        }
        stop();
    }

    private void send(Random random) throws Exception {
        int key = random.nextInt(60);
        // In the future, since a timer that is due already would fire at a time of its own.
        long number = Math.max(watermark, processingTime) + 1 + random.nextInt(50);
        int owner = owners[HarnessSubtask.keyGroupOf(key)];
        subtasks.get(owner).send(key, number);
        oracle.computeIfAbsent(key, any -> new ArrayList<>()).add(number);
        expected.add(key + ": " + oracle.get(key));
        if (number % 3 == 0) {
            eventTimers.computeIfAbsent(number, any -> new TreeSet<>()).add(key);
        } else if (number % 3 == 1) {
            processingTimers.computeIfAbsent(number, any -> new TreeSet<>()).add(key);
        }
    }

    private void move(Random random) throws Exception {
        int from = random.nextInt(PARALLELISM);
        int to = (from + 1 + random.nextInt(PARALLELISM - 1)) % PARALLELISM;
        int[] leaving = owned(from).stream().filter(keyGroup -> random.nextInt(3) == 0).toArray();
        for (int keyGroup : leaving) {
            widenFor(to, keyGroup);
            Transport transport = Transport.values()[random.nextInt(2)];
            transport.move(subtasks.get(from), subtasks.get(to), keyGroup);
            owners[keyGroup] = to;
        }
        updateWatches();
    }

    private void widenFor(int subtask, int keyGroup) {
        TaskKeyedState state = subtasks.get(subtask).state();
        KeyGroupRange range = state.range();
        state.rebase(
                KeyGroupRange.of(
                        Math.min(range.getStartKeyGroup(), keyGroup),
                        Math.max(range.getEndKeyGroup(), keyGroup)));
    }

    private void shrinkToHull(int subtask) {
        BitSet owned = owned(subtask);
        if (!owned.isEmpty()) {
            subtasks.get(subtask)
                    .state()
                    .rebase(KeyGroupRange.of(owned.nextSetBit(0), owned.length() - 1));
        }
    }

    private void advance(Random random) throws Exception {
        if (random.nextBoolean()) {
            watermark += random.nextInt(20);
            for (HarnessSubtask subtask : subtasks) {
                subtask.watermark(watermark);
            }
            fire(eventTimers, watermark, "EVENT_TIME");
        } else {
            processingTime += random.nextInt(20);
            for (HarnessSubtask subtask : subtasks) {
                subtask.harness.setProcessingTime(processingTime);
            }
            fire(processingTimers, processingTime, "PROCESSING_TIME");
        }
    }

    private void fire(Map<Long, TreeSet<Integer>> timers, long now, String domain) {
        timers.entrySet()
                .removeIf(
                        due -> {
                            if (due.getKey() > now) {
                                return false;
                            }
                            for (int key : due.getValue()) {
                                expected.add(
                                        key
                                                + " "
                                                + domain
                                                + " "
                                                + due.getKey()
                                                + ": "
                                                + oracle.get(key));
                            }
                            return true;
                        });
    }

    private void restartNowAndThen(Random random) throws Exception {
        if (random.nextInt(10) == 0) {
            FiledSnapshot snapshot = FiledSnapshot.of(subtasks, owners, CheckpointType.CHECKPOINT);
            stop();
            start(snapshot);
        }
    }

    private void start(FiledSnapshot snapshot) throws Exception {
        for (int subtask = 0; subtask < PARALLELISM; subtask++) {
            HarnessSubtask started =
                    HarnessSubtask.restore(
                            RecorderFunction.operator(),
                            PARALLELISM,
                            subtask,
                            snapshot == null ? null : snapshot.assigned(PARALLELISM, subtask));
            started.watermark(watermark);
            started.harness.setProcessingTime(processingTime);
            subtasks.add(started);
            watches.add(started.state().watchOwnership(subtask));
        }
        for (int keyGroup = 0; keyGroup < MAX; keyGroup++) {
            owners[keyGroup] =
                    KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                            MAX, PARALLELISM, keyGroup);
        }
        updateWatches();
    }

    private void stop() throws Exception {
        for (HarnessSubtask subtask : subtasks) {
            subtask.close();
        }
        subtasks.clear();
        watches.clear();
    }

    private void updateWatches() {
        for (int subtask = 0; subtask < PARALLELISM; subtask++) {
            watches.get(subtask).update(1, owned(subtask));
        }
    }

    private BitSet owned(int subtask) {
        BitSet owned = new BitSet();
        for (int keyGroup = 0; keyGroup < MAX; keyGroup++) {
            owned.set(keyGroup, owners[keyGroup] == subtask);
        }
        return owned;
    }

    private List<String> outputs() {
        List<String> output = new ArrayList<>();
        subtasks.forEach(subtask -> output.addAll(subtask.output()));
        return output;
    }
}
