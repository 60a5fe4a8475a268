package dev.tern.streaming.state.rocksdb;

import org.apache.flink.runtime.state.CompositeKeySerializationUtils;

/**
 * Every key in the database begins with its key group, big-endian, in one byte or, above a maximum
 * parallelism of 128, in two. So a key group, or some in a row, are a range of keys. Immutable.
 *
 * @param bytes length of the prefix
 */
record KeyPrefix(int bytes) {

    /** The first key that a key group may have; that of the next one is beyond its last. */
    byte[] of(int keyGroup) {
        byte[] prefix = new byte[bytes];
        CompositeKeySerializationUtils.serializeKeyGroup(keyGroup, prefix);
        return prefix;
    }

    int keyGroupOf(byte[] key) {
        return CompositeKeySerializationUtils.extractKeyGroup(bytes, key);
    }

    boolean isOf(byte[] key, int keyGroup) {
        return key.length >= bytes && keyGroupOf(key) == keyGroup;
    }
}
