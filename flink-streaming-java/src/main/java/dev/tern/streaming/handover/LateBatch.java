package dev.tern.streaming.handover;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What an old owner sends behind its units, in order: records that came late, and for each channel
 * that it was the last one.
 */
final class LateBatch {

    private static final int RECORD = 1;
    private static final int SWITCHED = 2;

    /** Takes what was sent, in order. */
    interface Reader {

        /**
         * @param record as {@link SetAsideRecords.RecordWriter} wrote it
         */
        void onRecord(int keyGroup, ByteBuffer record) throws Exception;

        /** No late record of the channel follows. */
        void onSwitched(InputChannelInfo channel) throws Exception;
    }

    private LateBatch() {}

    static void writeRecord(
            DataOutputSerializer out, int keyGroup, SetAsideRecords.RecordWriter record)
            throws IOException {
        out.writeByte(RECORD);
        out.writeInt(keyGroup);
        int lengthAt = out.length();
        out.writeInt(0);
        record.write(out);
        out.writeIntUnsafe(out.length() - lengthAt - Integer.BYTES, lengthAt);
    }

    static void writeSwitched(DataOutputSerializer out, InputChannelInfo channel)
            throws IOException {
        out.writeByte(SWITCHED);
        out.writeInt(channel.getGateIdx());
        out.writeInt(channel.getInputChannelIdx());
    }

    static void read(byte[] batch, Reader reader) throws Exception {
        DataInputDeserializer in = new DataInputDeserializer(batch);
        while (in.available() > 0) {
            int type = in.readUnsignedByte();
            switch (type) {
                case RECORD -> {
                    int keyGroup = in.readInt();
                    int length = in.readInt();
                    int start = in.getPosition();
                    in.skipBytesToRead(length);
                    reader.onRecord(keyGroup, ByteBuffer.wrap(batch, start, length));
                }
                case SWITCHED -> reader.onSwitched(new InputChannelInfo(in.readInt(), in.readInt()));
                default -> throw new IOException("Late records hold an entry of type " + type);
            }
        }
    }
}
