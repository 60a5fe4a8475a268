package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/** The bytes of one unit that has left its owner. */
@FunctionalInterface
public interface UnitBytes {

    /**
     * Writes the unit. Called at most once per request (not at all if the fetch fails before), on a
     * transfer thread. Writes block while the new owner is behind, up to {@link
     * TransferOptions#TIMEOUT}. The bytes are held back until a chunk is full or this method
     * returns.
     *
     * @param out valid until this method returns
     * @throws IOException to fail the fetch; what {@code out} throws must be passed on
     */
    void writeTo(DataOutputView out) throws IOException;
}
