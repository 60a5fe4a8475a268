/**
 * Moves units of Flink's RocksDB backend. Entries leave as a snapshot of their key group, which is
 * deleted in the same turn of the mailbox, and are read and written on transfer threads; the task
 * goes on meanwhile.
 */
package dev.tern.streaming.state.rocksdb;
