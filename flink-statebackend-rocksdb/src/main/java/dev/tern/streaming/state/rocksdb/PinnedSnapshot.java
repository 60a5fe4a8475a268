package dev.tern.streaming.state.rocksdb;

import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.ResourceGuard;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What some key groups held at the moment they left; read after they have been deleted. Holds the
 * database open until the last of the units is let go, or until the task ends: the readers, on
 * other threads, get an exception then.
 */
final class PinnedSnapshot implements Closeable {

    private final RocksDB db;
    private final KeyPrefix prefix;
    private final List<Column> columns;
    private final CloseableRegistry task;
    private final ResourceGuard.Lease lease;
    private final Snapshot snapshot;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Set<Cursor> cursors = new HashSet<>();
    private int units;
    private boolean closed;

    private PinnedSnapshot(
            RocksDBKeyedStateBackend<?> backend, List<Column> columns, int units)
            throws IOException {
        this.db = backend.db;
        this.prefix = new KeyPrefix(backend.getKeyGroupPrefixBytes());
        this.columns = columns;
        this.task = backend.cancelStreamRegistry;
        this.units = units;
        this.lease = backend.rocksDBResourceGuard.acquireResource();
        this.snapshot = db.getSnapshot();
    }

    /**
     * Takes a snapshot; task mailbox thread, with nothing left in the write batch.
     *
     * @param units how often {@link #release} will be called
     */
    static PinnedSnapshot of(
            RocksDBKeyedStateBackend<?> backend, List<Column> columns, int units)
            throws IOException {
        PinnedSnapshot pinned = new PinnedSnapshot(backend, columns, units);
        pinned.task.registerCloseable(pinned);
        return pinned;
    }

    List<Column> columns() {
        return columns;
    }

    /** One unit is not needed any more. Any thread. */
    void release() {
        synchronized (this) {
            units--;
            if (units > 0) {
                return;
            }
        }
        task.unregisterCloseable(this);
        close();
    }

    /** Closes what is left open; waits for reads of single batches only. Any thread. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            IOUtils.closeAllQuietly(List.copyOf(cursors));
            db.releaseSnapshot(snapshot);
            snapshot.close();
            lease.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Reads the entries of a key group from a column family.
     *
     * @throws IOException if the task has ended
     */
    Cursor read(Column column, int keyGroup) throws IOException {
        lock.readLock().lock();
        try {
            requireOpen();
            return new Cursor(column, keyGroup);
        } finally {
            lock.readLock().unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("The task that the unit left has ended");
        }
    }

    /** A position in the snapshot; used by one thread. */
    final class Cursor implements AutoCloseable {

        private final Slice end;
        private final ReadOptions options;
        private final RocksIterator iterator;

        private Cursor(Column column, int keyGroup) {
            end = new Slice(prefix.of(keyGroup + 1));
            options =
                    new ReadOptions()
                            .setSnapshot(snapshot)
                            .setIterateUpperBound(end)
                            .setTotalOrderSeek(true)
                            .setFillCache(false);
            iterator = db.newIterator(column.handle(), options);
            iterator.seek(prefix.of(keyGroup));
            synchronized (cursors) {
                cursors.add(this);
            }
        }

        /**
         * Adds the next entries until the batch is full.
         *
         * @return false if there are none left
         */
        boolean next(EntryBatch batch) throws IOException {
            lock.readLock().lock();
            try {
                requireOpen();
                int before = batch.size();
                while (iterator.isValid() && !batch.isFull()) {
                    batch.add(iterator.key(), iterator.value());
                    iterator.next();
                }
                iterator.status();
                return batch.size() > before;
            } catch (RocksDBException e) {
                throw new IOException("A unit cannot be read from RocksDB", e);
            } finally {
                lock.readLock().unlock();
            }
        }

        // Closing twice is harmless: native objects remember that they are closed.
        @Override
        public void close() {
            lock.readLock().lock();
            try {
                synchronized (cursors) {
                    cursors.remove(this);
                }
                iterator.close();
                options.close();
                end.close();
            } finally {
                lock.readLock().unlock();
            }
        }
    }
}
