package dev.tern.tests;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.CopyableValue;

import java.io.IOException;

/** A value of keyed state whose serialization {@link Blocks} can hold. */
public final class HeldOnWrite implements CopyableValue<HeldOnWrite> {

    /** Runs whose name begins so have such state. */
    static final String RUNS = "held-";

    private static final long serialVersionUID = 1L;

    private String run = "";

    public HeldOnWrite() {}

    HeldOnWrite(String run) {
        this.run = run;
    }

    @Override
    public void write(DataOutputView out) throws IOException {
        try {
            Blocks.maybeBlock(run, 0);
        } catch (InterruptedException e) {
            throw new IOException("interrupted while held", e);
        }
        out.writeUTF(run);
    }

    @Override
    public void read(DataInputView in) throws IOException {
        run = in.readUTF();
    }

    @Override
    public int getBinaryLength() {
        return -1;
    }

    @Override
    public void copyTo(HeldOnWrite target) {
        target.run = run;
    }

    @Override
    public HeldOnWrite copy() {
        return new HeldOnWrite(run);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        target.writeUTF(source.readUTF());
    }
}
