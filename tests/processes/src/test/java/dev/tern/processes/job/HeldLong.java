package dev.tern.processes.job;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.CopyableValue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A number of keyed state that is not sent to another TaskManager while a file exists. */
public final class HeldLong implements CopyableValue<HeldLong> {

    private static final long serialVersionUID = 1L;

    /** Checkpoints, and estimates of the size of state, are written by others. */
    private static final String THREADS_OF_THE_TRANSFER = "tern-transfer-writer";

    private long number;
    private String file = "";

    public HeldLong() {}

    HeldLong(long number, String file) {
        this.number = number;
        this.file = file;
    }

    long number() {
        return number;
    }

    @Override
    public void write(DataOutputView out) throws IOException {
        if (Thread.currentThread().getName().startsWith(THREADS_OF_THE_TRANSFER)) {
            while (!file.isEmpty() && Files.exists(Path.of(file)) && !Thread.interrupted()) {
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        }
        out.writeLong(number);
        out.writeUTF(file);
    }

    @Override
    public void read(DataInputView in) throws IOException {
        number = in.readLong();
        file = in.readUTF();
    }

    @Override
    public int getBinaryLength() {
        return -1;
    }

    @Override
    public void copyTo(HeldLong target) {
        target.number = number;
        target.file = file;
    }

    @Override
    public HeldLong copy() {
        return new HeldLong(number, file);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        target.writeLong(source.readLong());
        target.writeUTF(source.readUTF());
    }
}
