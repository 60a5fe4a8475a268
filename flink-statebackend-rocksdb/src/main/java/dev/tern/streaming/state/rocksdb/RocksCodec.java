package dev.tern.streaming.state.rocksdb;

import dev.tern.streaming.state.AnnouncedBytes;
import dev.tern.streaming.state.OperatorUnit;
import dev.tern.streaming.state.UnitCodec;
import dev.tern.streaming.state.heap.TimerCodec;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;
import java.util.List;

/**
 * Bytes of a {@link RocksUnit}: for each column family its name and its entries in the order of
 * their keys, each with the lengths of key and value; then the timers on the heap. Keys and values
 * are those of the database, so that nothing is deserialized. Reading puts the entries into the
 * database at once: a unit can be larger than the memory.
 */
final class RocksCodec implements UnitCodec {

    private static final int END = -1;

    private final ArrivingColumns arriving;
    private final TimerCodec timers;

    /**
     * @param arriving null for a codec that only writes
     * @param timers not used by anybody else
     */
    RocksCodec(ArrivingColumns arriving, TimerCodec timers) {
        this.arriving = arriving;
        this.timers = timers;
    }

    @Override
    public UnitCodec duplicate() {
        return new RocksCodec(arriving, timers.duplicate());
    }

    @Override
    public void write(OperatorUnit unit, DataOutputView out) throws IOException {
        RocksUnit.Departed departed = (RocksUnit.Departed) unit;
        List<Column> columns =
                departed.snapshot() == null ? List.of() : departed.snapshot().columns();
        out.writeShort(columns.size());
        for (Column column : columns) {
            out.writeUTF(column.name());
            EntryBatch batch = new EntryBatch();
            try (PinnedSnapshot.Cursor cursor =
                    departed.snapshot().read(column, departed.keyGroup())) {
                while (cursor.next(batch)) {
                    write(batch, out);
                }
            }
            out.writeInt(END);
        }
        timers.write(departed.heapTimers(), out);
    }

    private static void write(EntryBatch batch, DataOutputView out) throws IOException {
        for (int i = 0; i < batch.size(); i++) {
            out.writeInt(batch.key(i).length);
            out.write(batch.key(i));
            out.writeInt(batch.value(i).length);
            out.write(batch.value(i));
        }
        batch.clear();
    }

    @Override
    public OperatorUnit read(int keyGroup, DataInputView in) throws IOException {
        arriving.requireEmpty(keyGroup);
        long entries = 0;
        for (int left = in.readShort(); left > 0; left--) {
            Column column = arriving.column(in.readUTF());
            try (ColumnArrival arrival = new ColumnArrival(arriving, column, keyGroup)) {
                for (int keyLength = in.readInt(); keyLength != END; keyLength = in.readInt()) {
                    arrival.batch()
                            .add(AnnouncedBytes.read(in, keyLength), AnnouncedBytes.read(in));
                    arrival.accept();
                    entries++;
                }
                arrival.finish();
            }
        }
        return new RocksUnit.Arrived(entries, arriving, timers.read(in));
    }
}
