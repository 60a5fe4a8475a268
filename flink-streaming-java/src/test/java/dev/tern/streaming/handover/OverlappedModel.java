package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Ownership;

import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import java.io.File;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A vertex in the middle of one step: everything that decides about records and time is the real
 * thing, tasks and network are queues. See {@link OverlappedModelTest}.
 */
final class OverlappedModel {

    private static final int OWNERS = 3;
    private static final int KEY_GROUPS = 8;
    private static final int RECORDS = 60;
    private static final long SEQUENCES = 1_000_000;
    private static final Object TRIGGER = "trigger";
    private static final Object CONFIRM = "confirm";
    private static final Object END = "end";
    private static final int[] KEYS = keys();

    /** A key group with its state: what it has seen of each producer, and its timers. */
    private record Unit(int keyGroup, Map<Integer, Long> seen, TreeMap<Long, List<Long>> timers) {}

    private interface Action {
        void run() throws Exception;
    }

    private final Random random;
    private final HandoverPolicy policy;
    private final boolean holds;
    private final File directory;
    private final MigrationStep step;
    private final List<Producer> producers = new ArrayList<>();
    private final List<Owner> owners = new ArrayList<>();
    private final Set<Long> fired = new HashSet<>();
    private long[] latest;
    private int processed;
    private int setAside;

    OverlappedModel(Random random, HandoverPolicy policy, boolean holds, File directory) {
        this.random = random;
        this.policy = policy;
        this.holds = holds;
        this.directory = directory;
        Ownership before = Ownership.of(OWNERS, randomOwners(2));
        Ownership after = Ownership.of(OWNERS, randomOwners(OWNERS));
        this.step = new MigrationStep(0, MigrationPlan.difference(before, after), after);
        int channels = 2 + random.nextInt(3);
        for (int subtask = 0; subtask < OWNERS; subtask++) {
            owners.add(new Owner(subtask, channels, before));
        }
        for (int producer = 0; producer < channels; producer++) {
            producers.add(new Producer(producer, before.toTable()));
        }
    }

    private int[] randomOwners(int subtasks) {
        return random.ints(KEY_GROUPS, 0, subtasks).toArray();
    }

    int reRouted() {
        return owners.stream()
                .flatMap(owner -> owner.lateByTaker.values().stream())
                .mapToInt(late -> (int) late.records())
                .sum();
    }

    int setAside() {
        return setAside;
    }

    /** Runs until nothing is left to be done, in random order. */
    void run() throws Exception {
        int warmUp = random.nextInt(200);
        for (int turn = 0; turn < warmUp; turn++) {
            takeTurn();
        }
        for (Owner owner : owners) {
            owner.begin();
        }
        latest =
                new long[] {
                    owners.stream().mapToLong(owner -> owner.begunAt).max().orElseThrow()
                };
        while (takeTurn()) {
            // Goes on.
        }
        for (Owner owner : owners) {
            assertThat(owner.isSettled()).as("owner %d is done", owner.subtask).isTrue();
            assertThat(owner.setAside.isEmpty()).isTrue();
        }
        assertThat(processed)
                .isEqualTo(producers.stream().mapToInt(producer -> producer.records).sum());
        assertThat(fired).hasSize(processed);
    }

    private boolean takeTurn() throws Exception {
        List<Action> possible = new ArrayList<>();
        producers.forEach(producer -> producer.offer(possible));
        owners.forEach(owner -> owner.offer(possible));
        if (possible.isEmpty()) {
            return false;
        }
        possible.get(random.nextInt(possible.size())).run();
        return true;
    }

    private static int keyGroupOf(long value) {
        return (int) (value / SEQUENCES % 100);
    }

    private static int producerOf(long value) {
        return (int) (value / SEQUENCES / 100);
    }

    private static int[] keys() {
        int[] keys = new int[KEY_GROUPS];
        for (int key = 0; key < 10_000; key++) {
            keys[KeyGroupRangeAssignment.assignToKeyGroup(key, KEY_GROUPS)] = key;
        }
        return keys;
    }

    /** Sends records, and watermarks that none of its later records is behind. */
    private final class Producer {
        private final int index;
        private final long[] sent = new long[KEY_GROUPS];
        private int[] routes;
        private final int records;
        private int left;
        private long time;
        private boolean switched;
        private boolean ended;

        /** Whether it ends as soon as it can, maybe without ever being told to switch. */
        private final boolean isBrief = random.nextInt(4) == 0;

        private Producer(int index, int[] routes) {
            this.index = index;
            this.routes = routes;
            this.records = isBrief ? RECORDS / 6 : RECORDS;
            this.left = records;
        }

        private void offer(List<Action> possible) {
            if (left > 0) {
                possible.add(this::send);
                possible.add(this::send);
                possible.add(this::tellTime);
            } else if (!ended && (switched || isBrief)) {
                possible.add(this::end);
            }
            if (latest != null && !switched && !ended) {
                possible.add(this::switchRoutes);
            }
        }

        private void send() {
            int keyGroup = random.nextInt(KEY_GROUPS);
            long value = (index * 100L + keyGroup) * SEQUENCES + ++sent[keyGroup];
            left--;
            owners.get(routes[keyGroup])
                    .channels
                    .get(index)
                    .add(new StreamRecord<>(value, time + 1 + random.nextInt(10)));
        }

        private void tellTime() {
            time += random.nextInt(8);
            owners.forEach(owner -> owner.channels.get(index).add(new Watermark(time)));
        }

        private void switchRoutes() {
            switched = true;
            routes = step.ownership().toTable();
            owners.forEach(
                    owner -> {
                        owner.channels.get(index).addFirst(TRIGGER);
                        owner.channels.get(index).add(CONFIRM);
                    });
        }

        private void end() {
            ended = true;
            owners.forEach(
                    owner -> {
                        owner.channels.get(index).add(Watermark.MAX_WATERMARK);
                        owner.channels.get(index).add(END);
                    });
        }
    }

    /** One subtask: its operator counts on what {@link OverlappedModelTest} says. */
    private final class Owner implements DataOutput<Long> {
        private final int subtask;
        private final List<Deque<Object>> channels = new ArrayList<>();
        private final Deque<Action> mailbox = new ArrayDeque<>();
        private final List<Unit> onTheWay = new ArrayList<>();
        private final Map<Integer, Unit> here = new HashMap<>();
        private final UnitTable units;
        private final UnitRecords records;
        private final SetAsideRecords setAside;
        private final KeyedHandoverOutput<Long> input;
        private final StatusWatermarkValve valve;
        private final TimeAtMarkers atMarkers;
        private final Map<Integer, LateRecords> lateByTaker = new HashMap<>();
        private final Alignment alignment;
        private final FollowedUnits followed;
        private final SwitchedChannels coming;
        private int channelOfRecord;
        private long time = Long.MIN_VALUE;
        private long begunAt;
        private int lateOpen;
        private boolean begun;
        private boolean awaited;

        private Owner(int subtask, int channelCount, Ownership before) {
            this.subtask = subtask;
            this.units = new UnitTable(subtask, KEY_GROUPS, before.ownedBy(subtask));
            this.records = new UnitRecords(units, policy, KEY_GROUPS);
            this.setAside = new SetAsideRecords(64, new File[] {directory});
            this.valve = new StatusWatermarkValve(channelCount);
            Map<InputChannelInfo, Integer> numbers = new HashMap<>();
            for (int channel = 0; channel < channelCount; channel++) {
                numbers.put(channel(channel), channel);
            }
            this.atMarkers = new TimeAtMarkers(numbers, valve);
            this.alignment = new Alignment(channelCount, List.of());
            this.coming = new SwitchedChannels(step, subtask, channelCount);
            this.input =
                    new KeyedHandoverOutput<>(
                            0,
                            this,
                            value -> KEYS[keyGroupOf(value)],
                            KEY_GROUPS,
                            records,
                            () -> channel(channelOfRecord),
                            setAside,
                            new StreamElementSerializer<>(LongSerializer.INSTANCE));
            this.followed =
                    new FollowedUnits(
                            units, records, setAside, this::process, coming, this::ask, n -> {});
            for (int channel = 0; channel < channelCount; channel++) {
                channels.add(new ArrayDeque<>());
            }
            before.ownedBy(subtask)
                    .stream()
                    .forEach(kg -> here.put(kg, new Unit(kg, new HashMap<>(), new TreeMap<>())));
        }

        private void begin() throws Exception {
            begun = true;
            atMarkers.begin();
            units.begin(step);
            input.begin(valve.lastOutputWatermark);
            begunAt = valve.lastOutputWatermark;
            step.moves().stream()
                    .filter(move -> move.from() == subtask)
                    .forEach(
                            move ->
                                    lateByTaker.computeIfAbsent(
                                            move.to(),
                                            taker ->
                                                    new LateRecords(
                                                            channels.size(),
                                                            64,
                                                            directory,
                                                            () -> mailbox.add(this::lateEnded))));
            lateOpen = lateByTaker.size();
            records.begin(alignment, coming, LateRecords.byUnit(lateByTaker, step));
            if (holds) {
                input.hold();
            }
            for (int channel = 0; channel < channels.size(); channel++) {
                if (alignment.isAligned(channel(channel))) {
                    noneLate(channel);
                }
            }
        }

        private void offer(List<Action> possible) {
            for (int channel = 0; channel < channels.size(); channel++) {
                int from = channel;
                if (!channels.get(channel).isEmpty()) {
                    possible.add(() -> take(from));
                }
            }
            if (latest != null && !awaited) {
                possible.add(this::await);
            }
            if (!mailbox.isEmpty()) {
                possible.add(() -> mailbox.poll().run());
            }
            if (!onTheWay.isEmpty()) {
                possible.add(() -> install(onTheWay.remove(random.nextInt(onTheWay.size()))));
            }
        }

        private void take(int channel) throws Exception {
            Object element = channels.get(channel).poll();
            channelOfRecord = channel;
            if (element == TRIGGER) {
                alignment.onTrigger();
                goOn();
            } else if (element == CONFIRM) {
                alignment.onMarker(channel(channel));
                noneLate(channel);
                goOn();
            } else if (element == END) {
                alignment.onEnd(channel(channel));
                noneLate(channel);
                if (awaited || alignment.isTriggered()) {
                    goOn();
                }
            } else if (element instanceof Watermark watermark) {
                valve.inputWatermark(watermark, channel, input);
            } else {
                @SuppressWarnings("unchecked")
                StreamRecord<Long> record = (StreamRecord<Long>) element;
                int before = processed;
                input.emitRecord(record);
                if (before == processed && units.of(keyGroupOf(record.getValue())) != UnitState.LEFT) {
                    OverlappedModel.this.setAside++;
                }
            }
        }

        private void noneLate(int channel) throws Exception {
            atMarkers.onAligned(channel(channel));
            for (LateRecords late : lateByTaker.values()) {
                late.switched(channel(channel));
            }
        }

        private void await() throws Exception {
            awaited = true;
            if (holds) {
                input.holdAt(latest[0], this::goOnQuietly);
            }
            goOn();
        }

        private void goOnQuietly() {
            try {
                goOn();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private void goOn() throws Exception {
            boolean complete = alignment.isComplete();
            if (awaited && complete) {
                input.advanceTo(Math.min(latest[0], atMarkers.reached()));
            }
            if (policy.mayLeave(alignment, awaited && (complete || input.isAt(latest[0])))) {
                for (int keyGroup : units.leaving()) {
                    units.left(keyGroup);
                    owners.get(step.ownership().ownerOf(keyGroup))
                            .onTheWay
                            .add(here.remove(keyGroup));
                }
            }
            settle();
        }

        private void install(Unit unit) throws Exception {
            int keyGroup = unit.keyGroup();
            here.put(keyGroup, unit);
            units.installedAhead(keyGroup);
            assertThat(unit.timers().headMap(time, true))
                    .as("at owner %d a timer is due before it comes", subtask)
                    .isEmpty();
            followed.installed(keyGroup);
            settle();
        }

        private void ask(int giver) {
            LateRecords late = owners.get(giver).lateByTaker.get(subtask);
            try {
                late.next().thenAccept(batch -> mailbox.add(() -> read(giver, batch)));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private void read(int giver, byte[] batch) throws Exception {
            if (batch.length > 0) {
                LateBatch.read(batch, followed.from(giver));
                ask(giver);
                settle();
            }
        }

        private void lateEnded() throws Exception {
            lateOpen--;
            settle();
        }

        private boolean isSettled() {
            return !units.expectsAny() && !units.hasLeaving() && lateOpen == 0;
        }

        private void settle() throws Exception {
            if (begun && awaited && isSettled()) {
                input.release();
            }
        }

        private void process(DataInputView in) throws Exception {
            in.readUnsignedByte();
            input.replay(in);
        }

        private InputChannelInfo channel(int index) {
            return new InputChannelInfo(0, index);
        }

        @Override
        public void emitRecord(StreamRecord<Long> record) {
            long value = record.getValue();
            Unit unit = here.get(keyGroupOf(value));
            assertThat(unit).as("unit %d is at owner %d", keyGroupOf(value), subtask).isNotNull();
            long last = unit.seen().getOrDefault(producerOf(value), 0L);
            assertThat(value % SEQUENCES)
                    .as("record %d comes behind %d", value, last)
                    .isEqualTo(last + 1);
            unit.seen().put(producerOf(value), value % SEQUENCES);
            assertThat(record.getTimestamp())
                    .as("record %d is late at owner %d", value, subtask)
                    .isGreaterThan(time);
            unit.timers()
                    .computeIfAbsent(record.getTimestamp(), ignored -> new ArrayList<>())
                    .add(value);
            processed++;
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            assertThat(watermark.getTimestamp()).isGreaterThan(time);
            time = watermark.getTimestamp();
            for (Unit unit : here.values()) {
                Map<Long, List<Long>> due = unit.timers().headMap(time, true);
                due.values().forEach(values -> values.forEach(v -> assertThat(fired.add(v)).isTrue()));
                due.clear();
            }
        }

        @Override
        public void emitWatermarkStatus(WatermarkStatus status) {
            throw new AssertionError("No producer is idle");
        }

        @Override
        public void emitLatencyMarker(LatencyMarker marker) {
            throw new AssertionError("Nobody sends latency markers");
        }

        @Override
        public void emitRecordAttributes(RecordAttributes attributes) {
            throw new AssertionError("Nobody sends attributes");
        }

        @Override
        public void emitWatermark(WatermarkEvent watermark) {
            throw new AssertionError("Nobody sends generalized watermarks");
        }
    }
}
