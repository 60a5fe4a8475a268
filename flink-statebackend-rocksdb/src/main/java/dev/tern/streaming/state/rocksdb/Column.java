package dev.tern.streaming.state.rocksdb;

import org.rocksdb.ColumnFamilyHandle;

/**
 * A column family, which holds the entries of one state or the timers of one queue.
 *
 * @param name name of the state
 * @param handle valid while the database is held open
 */
record Column(String name, ColumnFamilyHandle handle) {}
