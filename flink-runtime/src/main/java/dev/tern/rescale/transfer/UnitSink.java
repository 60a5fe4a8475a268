package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.core.memory.DataInputView;

import java.io.IOException;

/** The new owner's side of a fetch: takes the units as they arrive. */
@FunctionalInterface
public interface UnitSink {

    /**
     * Takes one unit. Called on a transfer thread, one unit at a time, in the order requested, and
     * never again once {@link FetchHandle#done()} has completed. Reads block until the bytes are
     * there. A sink that reads slowly slows the old owner down; one that reads nothing for {@link
     * TransferOptions#TIMEOUT} makes it give up.
     *
     * @param unit number of the unit, as requested
     * @param in valid until this method returns. Exactly what was written must be read: reading on
     *     throws {@link java.io.EOFException}, bytes left over fail the fetch.
     * @throws IOException to fail the fetch; what {@code in} throws must be passed on
     */
    void receive(int unit, DataInputView in) throws IOException;
}
