package dev.tern.examples.source;

import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import dev.tern.examples.measure.Schedule;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes splits, alone for the reader's state and as a list for the enumerator's. */
final class OpenLoopSplitSerializer implements SimpleVersionedSerializer<OpenLoopSplit> {

    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(OpenLoopSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        write(split, out);
        return out.getCopyOfBuffer();
    }

    @Override
    public OpenLoopSplit deserialize(int version, byte[] bytes) throws IOException {
        checkVersion(version);
        return read(new DataInputDeserializer(bytes));
    }

    /** The same for the splits that wait for a reader. */
    static SimpleVersionedSerializer<List<OpenLoopSplit>> ofLists() {
        return new ListSerializer();
    }

    private static void checkVersion(int version) throws IOException {
        if (version != VERSION) {
            throw new IOException(
                    "Splits of version " + version + " cannot be read, expected " + VERSION + ".");
        }
    }

    private static void write(OpenLoopSplit split, DataOutputSerializer out) throws IOException {
        out.writeInt(split.index());
        out.writeInt(split.splits());
        out.writeLong(split.nextPosition());
        Schedule schedule = split.schedule();
        out.writeLong(schedule.startMicros());
        out.writeLong(schedule.fillRecords());
        out.writeDouble(schedule.fillRate());
        out.writeLong(schedule.settleMicros());
        out.writeDouble(schedule.rate());
    }

    private static OpenLoopSplit read(DataInputDeserializer in) throws IOException {
        return new OpenLoopSplit(
                in.readInt(),
                in.readInt(),
                in.readLong(),
                new Schedule(
                        in.readLong(),
                        in.readLong(),
                        in.readDouble(),
                        in.readLong(),
                        in.readDouble()));
    }

    private static final class ListSerializer
            implements SimpleVersionedSerializer<List<OpenLoopSplit>> {

        @Override
        public int getVersion() {
            return VERSION;
        }

        @Override
        public byte[] serialize(List<OpenLoopSplit> splits) throws IOException {
            DataOutputSerializer out = new DataOutputSerializer(64);
            out.writeInt(splits.size());
            for (OpenLoopSplit split : splits) {
                write(split, out);
            }
            return out.getCopyOfBuffer();
        }

        @Override
        public List<OpenLoopSplit> deserialize(int version, byte[] bytes) throws IOException {
            checkVersion(version);
            DataInputDeserializer in = new DataInputDeserializer(bytes);
            int size = in.readInt();
            List<OpenLoopSplit> splits = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                splits.add(read(in));
            }
            return splits;
        }
    }
}
