package dev.tern.streaming.state.rocksdb;

import org.apache.flink.runtime.state.IncrementalKeyedStateHandle;
import org.apache.flink.runtime.state.StateHandleID;
import org.apache.flink.state.rocksdb.restore.RocksDBIncrementalRestoreOperation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Target of the hook in the restore of databases; the signature is fixed by the opening step. */
public final class RestoreHooks {

    private RestoreHooks() {}

    /**
     * From {@code RocksDBIncrementalRestoreOperation#restore}. While ownership is not made of
     * ranges, a checkpoint names a database once for each range of its owner; once is enough to
     * restore from it.
     */
    public static void onRestore(RocksDBIncrementalRestoreOperation<?> restore) {
        if (restore.restoreStateHandles == null) {
            return;
        }
        Map<StateHandleID, IncrementalKeyedStateHandle> databases = new LinkedHashMap<>();
        for (IncrementalKeyedStateHandle handle : restore.restoreStateHandles) {
            databases.putIfAbsent(handle.getStateHandleId(), handle);
        }
        if (databases.size() < restore.restoreStateHandles.size()) {
            restore.restoreStateHandles = new ArrayList<>(databases.values());
        }
    }
}
