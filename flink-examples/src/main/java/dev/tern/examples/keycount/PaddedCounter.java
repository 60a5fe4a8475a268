package dev.tern.examples.keycount;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.util.Collector;

import dev.tern.examples.measure.Words;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Counts each word in a value of a fixed size, so that the state has any volume one wants.
 *
 * <p>The value holds the count, the hash of its word and a filling that follows from the hash. Each
 * update checks them: a value that was mixed up or damaged on the way to another subtask fails the
 * job.
 */
public final class PaddedCounter extends RichFlatMapFunction<WordRecord, CountedWord> {

    /** The smallest value: a count and a hash. */
    public static final int LEAST_BYTES = 16;

    private static final long serialVersionUID = 1L;

    private final int valueBytes;
    private final int costlyOperationLoops;

    private transient ValueState<byte[]> values;
    private transient int subtask;

    /**
     * @param valueBytes size of the value of a word, at least {@link #LEAST_BYTES}
     * @param costlyOperationLoops extra reads and writes of the state per word
     */
    public PaddedCounter(int valueBytes, int costlyOperationLoops) {
        this.valueBytes = valueBytes;
        this.costlyOperationLoops = costlyOperationLoops;
    }

    @Override
    public void open(OpenContext context) {
        values =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "value",
                                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public void flatMap(WordRecord word, Collector<CountedWord> out) throws Exception {
        byte[] before = values.value();
        byte[] after = next(word.word(), before, valueBytes);
        values.update(after);
        for (int i = 0; i < costlyOperationLoops; i++) {
            values.update(values.value());
        }
        out.collect(
                new CountedWord(
                        word.recordId(),
                        word.scheduledMicros(),
                        word.channel(),
                        word.word(),
                        ByteBuffer.wrap(after).getLong(0),
                        subtask));
    }

    /** The value of a word after one more occurrence; null stands for none before. */
    static byte[] next(String word, byte[] before, int valueBytes) {
        long hash = Words.hash(word);
        byte filling = (byte) hash;
        if (before == null) {
            byte[] first = new byte[valueBytes];
            Arrays.fill(first, filling);
            ByteBuffer.wrap(first).putLong(0, 1).putLong(8, hash);
            return first;
        }
        long stamp = ByteBuffer.wrap(before).getLong(8);
        // The last byte is filling or, in a value without any, the end of the stamp: the same byte.
        if (before.length != valueBytes || stamp != hash || before[valueBytes - 1] != filling) {
            throw new IllegalStateException(
                    "The state of '"
                            + word
                            + "' is damaged: expected "
                            + valueBytes
                            + " bytes with stamp "
                            + hash
                            + ", found "
                            + before.length
                            + " with "
                            + stamp
                            + ".");
        }
        // The backend may still be writing the old value into a checkpoint.
        byte[] after = before.clone();
        ByteBuffer.wrap(after).putLong(0, ByteBuffer.wrap(before).getLong(0) + 1);
        return after;
    }
}
