package dev.tern.streaming.state;

import dev.tern.rescale.request.Obstacle;

import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.InternalTimerServiceImpl;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.runtime.tasks.StreamOperatorWrapper;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The keyed state of one running task: of all keyed operators of its chain. Built, and used, in the
 * task's mailbox thread, unless a method says otherwise.
 *
 * <p>Order of calls in a migration: {@link #obstacles}, {@link #rebase} to the hull of what the
 * task owns and will own, {@link #adopt} of every old owner's {@link #schema}; then any number of
 * {@link #flushKeyed}, {@link #detach} and {@link #install}; at the end {@link #rebase} to the hull of what it owns.
 */
public final class TaskKeyedState {

    private final List<KeyedOperator> operators;
    private final PendingWork pendingWork;
    private final TaskObstacles obstacles;
    private final boolean keyed;

    private TaskKeyedState(
            List<KeyedOperator> operators,
            PendingWork pendingWork,
            TaskObstacles obstacles,
            boolean keyed) {
        this.operators = operators;
        this.pendingWork = pendingWork;
        this.obstacles = obstacles;
        this.keyed = keyed;
    }

    /** Looks at a running task; task mailbox thread. */
    public static TaskKeyedState of(StreamTask<?, ?> task) {
        List<StreamOperator<?>> operators = new ArrayList<>();
        for (StreamOperatorWrapper<?, ?> wrapper : task.operatorChain.getAllOperators()) {
            operators.add(wrapper.getStreamOperator());
        }
        return of(operators, TaskTraits.of(task));
    }

    /** Looks at the operators of a chain, head first. */
    static TaskKeyedState of(
            Collection<? extends StreamOperator<?>> chain, TaskTraits traits) {
        List<KeyedOperator> operators = new ArrayList<>();
        for (StreamOperator<?> operator : chain) {
            OperatorInspection.keyed(operator).ifPresent(operators::add);
        }
        return new TaskKeyedState(
                List.copyOf(operators),
                new PendingWork(List.copyOf(chain)),
                new TaskObstacles(List.copyOf(chain), operators, traits),
                chain.stream().anyMatch(OperatorInspection::isKeyed));
    }

    /** Whether any operator of the chain has keyed state, movable or not. */
    boolean isKeyed() {
        return keyed;
    }

    /**
     * Why this task cannot take part in a live rescale; empty if it can.
     *
     * @param retiring whether this subtask would be gone afterwards
     * @return sentences that name operator and reason
     */
    public List<String> obstacles(boolean retiring) {
        return obstacles.find(retiring, true);
    }

    /** Whether state of this task takes room on the heap. */
    public boolean isOnHeap() {
        return operators.stream()
                .anyMatch(operator -> operator.backend() instanceof HeapKeyedStateBackend);
    }

    /**
     * The same for a task of either kind.
     *
     * @param byKey whether records belong to the subtask that owns their key, or may be processed by
     *     any subtask of the vertex
     */
    public List<String> obstacles(boolean retiring, boolean byKey) {
        List<String> keys =
                KindObstacles.ofKeys(byKey, keyed).stream().map(Obstacle.Reason::text).toList();
        if (byKey && !keys.isEmpty()) {
            return keys;
        }
        List<String> found = new ArrayList<>(obstacles.find(retiring, byKey));
        found.addAll(keys);
        return List.copyOf(found);
    }

    /** Number of key groups of the vertex. */
    public int maxParallelism() {
        return first().backend().getNumberOfKeyGroups();
    }

    /** Key groups for which the backends have room. */
    public KeyGroupRange range() {
        return first().movable().range();
    }

    /**
     * Estimates the serialized size, in bytes, of key groups from a sample of their entries. Takes
     * some milliseconds at most, however large the state.
     *
     * @param keyGroups within {@link #range}
     */
    public Map<Integer, Long> keyGroupBytes(Iterable<Integer> keyGroups) {
        List<Integer> asked = new ArrayList<>();
        keyGroups.forEach(asked::add);
        int[] groups = asked.stream().mapToInt(Integer::intValue).toArray();
        long[] bytes = new long[groups.length];
        operators.forEach(operator -> operator.movable().addEstimatedBytes(groups, bytes));
        Map<Integer, Long> result = new LinkedHashMap<>();
        for (int i = 0; i < groups.length; i++) {
            result.put(groups[i], bytes[i]);
        }
        return result;
    }

    /**
     * Makes room for the key groups of a range in all operators, and gives up room outside of it.
     * Key groups in both ranges keep what they hold, by reference.
     *
     * @param hull at least one key group
     * @throws IllegalStateException if a key group outside the hull is not empty; nothing has been
     *     changed then
     */
    public void rebase(KeyGroupRange hull) {
        int max = maxParallelism();
        if (hull.getNumberOfKeyGroups() < 1
                || hull.getStartKeyGroup() < 0
                || hull.getEndKeyGroup() >= max) {
            throw new IllegalArgumentException(
                    "Cannot rebase to " + hull + ": expected at least one of 0.." + (max - 1));
        }
        for (KeyedOperator operator : operators) {
            for (int keyGroup : operator.movable().occupied().stream().toArray()) {
                if (!hull.contains(keyGroup)) {
                    throw new IllegalStateException(
                            "Cannot rebase operator "
                                    + operator.name()
                                    + " to "
                                    + hull
                                    + ": key group "
                                    + keyGroup
                                    + " is outside and not empty. It must be detached first.");
                }
            }
        }
        for (KeyedOperator operator : operators) {
            operator.movable().rebase(hull);
            operator.timers().rebase(hull);
        }
    }

    /**
     * What the operators have registered up to now; sent to those who take units from this task.
     */
    public StateSchema schema() throws IOException {
        Map<OperatorID, byte[]> schemas = new HashMap<>();
        for (KeyedOperator operator : operators) {
            schemas.put(operator.id(), operator.movable().schema());
        }
        return new StateSchema(schemas);
    }

    /**
     * Registers what an old owner has registered and this task has not.
     *
     * @throws IOException if the schema cannot be read or does not fit this task
     */
    public void adopt(StateSchema schema) throws IOException {
        for (KeyedOperator operator : operators) {
            operator.movable().adopt(schemaOf(operator, schema));
        }
    }

    private static byte[] schemaOf(KeyedOperator operator, StateSchema schema) throws IOException {
        byte[] bytes = schema.of(operator.id());
        if (bytes == null) {
            throw new IOException(
                    "The "
                            + schema
                            + " does not have operator "
                            + operator.name()
                            + " ("
                            + operator.id()
                            + "); it is from a task of another vertex.");
        }
        return bytes;
    }

    /**
     * Brings what keyed operators hold outside of keyed state into it, or downstream. To be called
     * before units are detached.
     */
    public void flushKeyed() throws Exception {
        pendingWork.flushKeyed();
    }

    /** Empties all operators of the chain; this subtask is about to be gone. */
    public void flushAll() throws Exception {
        pendingWork.flushAll();
    }

    /** Takes a unit out of this task; the key group is empty here afterwards. */
    public DetachedUnit detach(int keyGroup) {
        return detachAll(List.of(keyGroup)).get(0);
    }

    /**
     * Takes units out of this task, which with many timers is cheaper at once than one by one.
     *
     * @param keyGroups within {@link #range}, each once
     * @return one unit for each key group, in the same order
     */
    public List<DetachedUnit> detachAll(Collection<Integer> keyGroups) {
        for (int keyGroup : keyGroups) {
            if (!range().contains(keyGroup)) {
                throw new IllegalArgumentException(
                        "Key group " + keyGroup + " cannot leave: this task has " + range());
            }
        }
        Map<OperatorID, Map<Integer, OperatorUnit>> parts = new HashMap<>();
        for (KeyedOperator operator : operators) {
            parts.put(operator.id(), operator.movable().detach(keyGroups));
        }
        List<DetachedUnit> units = new ArrayList<>();
        for (int keyGroup : keyGroups) {
            Map<OperatorID, OperatorUnit> unit = new HashMap<>();
            parts.forEach(
                    (operator, byKeyGroup) -> {
                        if (byKeyGroup.containsKey(keyGroup)) {
                            unit.put(operator, byKeyGroup.get(keyGroup));
                        }
                    });
            units.add(new DetachedUnit(keyGroup, unit, userClassLoader()));
        }
        return units;
    }

    /** An encoder for the units that were detached from this task before. */
    public UnitEncoder encoder() {
        Map<OperatorID, UnitCodec> codecs = new HashMap<>();
        for (KeyedOperator operator : operators) {
            codecs.put(operator.id(), operator.movable().encoder());
        }
        return new UnitEncoder(codecs);
    }

    /**
     * A decoder for the units of one old owner, whose schema was adopted before.
     *
     * @throws IOException if the schema cannot be read or does not fit this task
     */
    public UnitDecoder decoder(StateSchema source) throws IOException {
        Map<OperatorID, UnitCodec> codecs = new HashMap<>();
        for (KeyedOperator operator : operators) {
            codecs.put(operator.id(), operator.movable().decoder(schemaOf(operator, source)));
        }
        return new UnitDecoder(codecs, userClassLoader());
    }

    /** Key groups are about to move, in one more step. */
    public void scatter() throws IOException {
        for (KeyedOperator operator : operators) {
            operator.movable().scatter();
        }
    }

    /**
     * The migration is over, and {@link #rebase} has been called for the last time.
     *
     * @param asRanges whether each subtask of the vertex owns one of the ranges that Flink would
     *     make, its own or another's
     */
    public void settle(boolean asRanges) throws IOException {
        for (KeyedOperator operator : operators) {
            operator.movable().settle(asRanges);
        }
    }

    /** Whether all operators can take in units of the same process as they are. */
    public boolean movesByReference() {
        return operators.stream().allMatch(operator -> operator.movable().movesByReference());
    }

    /** Whether a unit of a task in the same process can be installed here without encoding it. */
    public boolean canMoveByReference(ClassLoader userClassLoaderOfOldOwner) {
        return userClassLoaderOfOldOwner == userClassLoader();
    }

    /** Class loader of the objects in this task's state. */
    public ClassLoader userClassLoader() {
        return first().backend().userCodeClassLoader;
    }

    /**
     * Takes a unit in. Processing-time timers that are due earlier than all others get their alarm;
     * for event-time timers see {@link #fireDueEventTimers}.
     *
     * @throws IllegalStateException if the key group is not empty here, is outside {@link #range},
     *     or has a state that was not adopted
     */
    public void install(DetachedUnit unit) {
        int keyGroup = unit.keyGroup();
        if (!range().contains(keyGroup)) {
            throw new IllegalStateException(
                    unit + " does not fit into " + range() + ": rebase before units arrive.");
        }
        if (!unit.isEmpty() && !canMoveByReference(unit.userClassLoader())) {
            throw new IllegalStateException(
                    unit + " comes from another class loader: it must be encoded and decoded.");
        }
        requireOperatorsOf(unit);
        for (KeyedOperator operator : operators) {
            OperatorUnit part = unit.operators().get(operator.id());
            if (part != null) {
                Map<InternalTimerServiceImpl<?, ?>, Long> alarms = operator.timers().alarms();
                operator.movable().install(keyGroup, part);
                operator.timers().rearm(alarms);
            }
        }
    }

    private void requireOperatorsOf(DetachedUnit unit) {
        List<OperatorID> own = operators.stream().map(KeyedOperator::id).toList();
        for (OperatorID operator : unit.operators().keySet()) {
            if (!own.contains(operator)) {
                throw new IllegalStateException(
                        unit
                                + " has state of operator "
                                + operator
                                + ", which this task does not have; it has "
                                + own);
            }
        }
    }

    /**
     * Fires the event-time timers that are not later than the last watermark of their service. To
     * be called after units were installed and before any record of theirs is processed.
     */
    public void fireDueEventTimers() throws Exception {
        for (KeyedOperator operator : operators) {
            operator.timers().fireDueEventTimers();
        }
    }

    /** The key groups that hold entries or timers, ascending. */
    public int[] ownedNonEmpty() {
        BitSet occupied = new BitSet();
        operators.forEach(operator -> occupied.or(operator.movable().occupied()));
        return occupied.stream().toArray();
    }

    /**
     * Checks that nothing is held for key groups of others.
     *
     * @throws IllegalStateException naming the key groups that are held without being owned
     */
    public void assertOwnership(BitSet owned) {
        int[] strangers =
                IntStream.of(ownedNonEmpty()).filter(keyGroup -> !owned.get(keyGroup)).toArray();
        if (strangers.length > 0) {
            throw new IllegalStateException(
                    "Key groups "
                            + IntStream.of(strangers).boxed().toList()
                            + " hold state but are not owned; owned are "
                            + owned);
        }
    }

    /**
     * Watches, until {@link OwnershipAssertion#close}, that no operator selects a key of a key
     * group that this subtask does not own. Costs one hash per record: for tests and for diagnosis.
     */
    public OwnershipAssertion watchOwnership(int subtask) {
        return OwnershipAssertion.on(operators, subtask);
    }

    private KeyedOperator first() {
        if (operators.isEmpty()) {
            throw new IllegalStateException("No operator of this task has keyed state.");
        }
        return operators.get(0);
    }
}
