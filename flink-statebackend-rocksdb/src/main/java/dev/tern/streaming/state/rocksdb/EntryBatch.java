package dev.tern.streaming.state.rocksdb;

import java.util.ArrayList;
import java.util.List;

/** Some entries in the order of their keys, on their way from or to a database. */
final class EntryBatch {

    /** Full at this size, in bytes. */
    static final int CAPACITY = 1 << 20;

    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();
    private long bytes;

    void add(byte[] key, byte[] value) {
        keys.add(key);
        values.add(value);
        bytes += key.length + value.length;
    }

    int size() {
        return keys.size();
    }

    byte[] key(int index) {
        return keys.get(index);
    }

    byte[] value(int index) {
        return values.get(index);
    }

    boolean isFull() {
        return bytes >= CAPACITY;
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    void clear() {
        keys.clear();
        values.clear();
        bytes = 0;
    }
}
