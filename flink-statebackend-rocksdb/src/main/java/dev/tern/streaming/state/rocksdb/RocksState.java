package dev.tern.streaming.state.rocksdb;

import dev.tern.rescale.request.Obstacle;
import dev.tern.streaming.state.BackendSchema;
import dev.tern.streaming.state.MovableState;
import dev.tern.streaming.state.OperatorUnit;
import dev.tern.streaming.state.UnitCodec;
import dev.tern.streaming.state.heap.HeapQueues;

import org.apache.flink.runtime.state.InternalKeyContextImpl;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keyed state of one operator in RocksDB. In the mailbox a key group leaves by a snapshot and
 * one range delete a column family, and arrives by looking at its first timers; the entries
 * themselves are read and written on transfer threads.
 */
final class RocksState<K> implements MovableState {

    private final RocksDBKeyedStateBackend<K> backend;
    private final KeyPrefix prefix;
    private final HeapQueues heapQueues;
    private final RocksTimers timers;
    private final long fileBytes;

    RocksState(
            RocksDBKeyedStateBackend<K> backend,
            Supplier<List<KeyGroupedInternalPriorityQueue<?>>> timerQueues,
            long fileBytes) {
        this.backend = backend;
        this.prefix = new KeyPrefix(backend.getKeyGroupPrefixBytes());
        this.heapQueues = new HeapQueues(backend.heapPriorityQueuesManager);
        this.timers = new RocksTimers(backend, timerQueues);
        this.fileBytes = fileBytes;
    }

    @Override
    public Optional<Obstacle.Reason> obstacle() {
        return Optional.empty();
    }

    @Override
    public KeyGroupRange range() {
        return backend.getKeyGroupRange();
    }

    @Override
    public BitSet occupied() {
        BitSet occupied = occupiedInDatabase();
        heapQueues.addOccupied(range(), occupied);
        return occupied;
    }

    private BitSet occupiedInDatabase() {
        flush();
        BitSet occupied = new BitSet();
        try (Slice end = new Slice(prefix.of(range().getEndKeyGroup() + 1));
                ReadOptions options =
                        new ReadOptions().setIterateUpperBound(end).setTotalOrderSeek(true)) {
            for (Column column : columns()) {
                try (RocksIterator entries = backend.db.newIterator(column.handle(), options)) {
                    entries.seek(prefix.of(range().getStartKeyGroup()));
                    while (entries.isValid()) {
                        int keyGroup = prefix.keyGroupOf(entries.key());
                        occupied.set(keyGroup);
                        entries.seek(prefix.of(keyGroup + 1));
                    }
                    entries.status();
                }
            }
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
        return occupied;
    }

    @Override
    public boolean movesByReference() {
        return false;
    }

    @Override
    public void rebase(KeyGroupRange hull) {
        timers.rebase(hull);
        heapQueues.rebase(hull);
        ((InternalKeyContextImpl<K>) backend.getKeyContext()).keyGroupRange = hull;
        backend.keyGroupRange = hull;
        // A snapshot that is still being written belongs to a checkpoint that has been given up, or
        // checkpoints would not have been kept away.
        backend.checkpointSnapshotStrategy.keyGroupRange = hull;
    }

    @Override
    public void scatter() throws IOException {
        try {
            ImportMark.set(backend);
        } catch (RocksDBException e) {
            throw new IOException("The database cannot be marked", e);
        }
    }

    @Override
    public void settle(boolean asRanges) throws IOException {
        try {
            if (asRanges) {
                ImportMark.remove(backend);
            } else {
                ImportMark.set(backend);
            }
            DeadFiles.drop(backend, columns(), occupiedInDatabase());
        } catch (RocksDBException e) {
            throw new IOException(
                    "The database cannot be brought into its form for checkpoints", e);
        }
    }

    @Override
    public byte[] schema() throws IOException {
        return RocksSchema.of(backend);
    }

    @Override
    public void adopt(byte[] schema) throws IOException {
        RocksSchema.registerMissing(parse(schema), backend);
    }

    private BackendSchema parse(byte[] schema) throws IOException {
        return BackendSchema.parse(schema, backend.userCodeClassLoader);
    }

    @Override
    public Map<Integer, OperatorUnit> detach(Collection<Integer> keyGroups) {
        BitSet leaving = new BitSet();
        keyGroups.forEach(leaving::set);
        BitSet inDatabase = occupiedInDatabase();
        inDatabase.and(leaving);
        PinnedSnapshot snapshot = inDatabase.isEmpty() ? null : takeOut(inDatabase);
        Map<Integer, OperatorUnit> units = new HashMap<>();
        for (Map.Entry<
                        Integer,
                        Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>>>
                heapTimers : heapQueues.take(keyGroups).entrySet()) {
            int keyGroup = heapTimers.getKey();
            if (inDatabase.get(keyGroup) || !heapTimers.getValue().isEmpty()) {
                units.put(
                        keyGroup,
                        new RocksUnit.Departed(
                                keyGroup,
                                inDatabase.get(keyGroup) ? snapshot : null,
                                heapTimers.getValue()));
            }
        }
        return units;
    }

    private PinnedSnapshot takeOut(BitSet keyGroups) {
        try {
            PinnedSnapshot snapshot =
                    PinnedSnapshot.of(backend, columns(), keyGroups.cardinality());
            for (int from = keyGroups.nextSetBit(0); from >= 0; ) {
                int to = keyGroups.nextClearBit(from);
                for (Column column : columns()) {
                    backend.db.deleteRange(
                            column.handle(),
                            backend.getWriteOptions(),
                            prefix.of(from),
                            prefix.of(to));
                }
                from = keyGroups.nextSetBit(to);
            }
            timers.reload(keyGroups.stream().boxed().toList());
            return snapshot;
        } catch (RocksDBException e) {
            throw failed("delete from", e);
        } catch (IOException e) {
            throw new UncheckedIOException("The task has ended", e);
        }
    }

    @Override
    public void install(int keyGroup, OperatorUnit unit) {
        RocksUnit.Arrived arrived =
                unit instanceof RocksUnit.Departed departed
                        ? copy(keyGroup, departed)
                        : (RocksUnit.Arrived) unit;
        try {
            arrived.columns().requireUnchanged();
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        heapQueues.put(keyGroup, arrived.heapTimers());
        timers.reload(List.of(keyGroup));
    }

    /** For a unit that was not carried by a codec: does here what a transfer thread would do. */
    private RocksUnit.Arrived copy(int keyGroup, RocksUnit.Departed departed) {
        try {
            flush();
            ArrivingColumns arriving = arriving(schema());
            arriving.requireEmpty(keyGroup);
            List<Column> sources =
                    departed.snapshot() == null ? List.of() : departed.snapshot().columns();
            for (Column source : sources) {
                arriving.column(source.name());
            }
            long entries = 0;
            for (Column source : sources) {
                Column target = arriving.column(source.name());
                try (ColumnArrival arrival = new ColumnArrival(arriving, target, keyGroup);
                        PinnedSnapshot.Cursor cursor =
                                departed.snapshot().read(source, keyGroup)) {
                    while (cursor.next(arrival.batch())) {
                        entries += arrival.batch().size();
                        arrival.accept();
                    }
                    arrival.finish();
                }
            }
            departed.close();
            return new RocksUnit.Arrived(entries, arriving, departed.heapTimers());
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public UnitCodec encoder() {
        return new RocksCodec(null, heapQueues.writer());
    }

    @Override
    public UnitCodec decoder(byte[] schema) throws IOException {
        return new RocksCodec(arriving(schema), heapQueues.reader(parse(schema)));
    }

    @Override
    public void addEstimatedBytes(int[] keyGroups, long[] bytes) {
        flush();
        List<Slice> bounds = new ArrayList<>();
        List<Range> ranges = new ArrayList<>();
        for (int keyGroup : keyGroups) {
            Slice start = new Slice(prefix.of(keyGroup));
            Slice end = new Slice(prefix.of(keyGroup + 1));
            bounds.addAll(List.of(start, end));
            ranges.add(new Range(start, end));
        }
        try {
            for (Column column : columns()) {
                ColumnSizes.add(backend.db, column, ranges, bytes);
            }
        } catch (RocksDBException e) {
            throw failed("measure", e);
        } finally {
            bounds.forEach(Slice::close);
        }
        heapQueues.addEstimatedBytes(keyGroups, bytes);
    }

    private ArrivingColumns arriving(byte[] schema) throws IOException {
        return new ArrivingColumns(backend, parse(schema), fileBytes);
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        backend.kvStateInformation.forEach(
                (name, state) -> columns.add(new Column(name, state.columnFamilyHandle)));
        return columns;
    }

    private void flush() {
        try {
            backend.writeBatchWrapper.flush();
        } catch (RocksDBException e) {
            throw failed("write to", e);
        }
    }

    private static IllegalStateException failed(String what, RocksDBException e) {
        return new IllegalStateException("Cannot " + what + " RocksDB", e);
    }
}
