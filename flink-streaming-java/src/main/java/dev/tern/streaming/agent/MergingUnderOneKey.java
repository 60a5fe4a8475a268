package dev.tern.streaming.agent;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.filemerging.FileMergingSnapshotManager;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.DirectoryStreamStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.filesystem.FileMergingCheckpointStateOutputStream;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.streaming.runtime.tasks.SubtaskCheckpointCoordinatorImpl;

import java.io.IOException;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * The merging of checkpoint files, told of the checkpoints of one task under the key with which the
 * task registered.
 *
 * <p>The key has the number of subtasks in it, which follows a rescale. Under a new key the directory
 * of the task would never be handed over to the JobManager, so that the end of the task would delete
 * the files of completed checkpoints, and files that no checkpoint needs would stay. Thread-safe as
 * the manager behind it.
 */
final class MergingUnderOneKey implements FileMergingSnapshotManager {

    private final FileMergingSnapshotManager merging;
    private final SubtaskKey key;

    private MergingUnderOneKey(FileMergingSnapshotManager merging, SubtaskKey key) {
        this.merging = merging;
        this.key = key;
    }

    /** To be called before the number of subtasks changes; task mailbox thread. */
    static void keepKey(StreamTask<?, ?> task) {
        SubtaskCheckpointCoordinatorImpl checkpoints =
                (SubtaskCheckpointCoordinatorImpl) task.subtaskCheckpointCoordinator;
        FileMergingSnapshotManager merging = checkpoints.fileMergingSnapshotManager;
        if (merging != null && !(merging instanceof MergingUnderOneKey)) {
            Environment environment = task.getEnvironment();
            checkpoints.fileMergingSnapshotManager =
                    new MergingUnderOneKey(merging, SubtaskKey.of(environment));
        }
    }

    @Override
    public void notifyCheckpointStart(SubtaskKey present, long checkpointId) {
        merging.notifyCheckpointStart(key, checkpointId);
    }

    @Override
    public void notifyCheckpointComplete(SubtaskKey present, long checkpointId) throws Exception {
        merging.notifyCheckpointComplete(key, checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(SubtaskKey present, long checkpointId) throws Exception {
        merging.notifyCheckpointAborted(key, checkpointId);
    }

    @Override
    public void notifyCheckpointSubsumed(SubtaskKey present, long checkpointId) throws Exception {
        merging.notifyCheckpointSubsumed(key, checkpointId);
    }

    @Override
    public void initFileSystem(
            FileSystem fileSystem,
            Path checkpointBaseDir,
            Path sharedStateDir,
            Path taskOwnedStateDir,
            int writeBufferSize) {
        merging.initFileSystem(
                fileSystem, checkpointBaseDir, sharedStateDir, taskOwnedStateDir, writeBufferSize);
    }

    @Override
    public void registerSubtaskForSharedStates(SubtaskKey present) {
        merging.registerSubtaskForSharedStates(key);
    }

    @Override
    public void unregisterSubtask(SubtaskKey present) {
        merging.unregisterSubtask(key);
    }

    @Override
    public FileMergingCheckpointStateOutputStream createCheckpointStateOutputStream(
            SubtaskKey present, long checkpointId, CheckpointedStateScope scope) {
        return merging.createCheckpointStateOutputStream(key, checkpointId, scope);
    }

    @Override
    public Path getManagedDir(SubtaskKey present, CheckpointedStateScope scope) {
        return merging.getManagedDir(key, scope);
    }

    @Override
    public DirectoryStreamStateHandle getManagedDirStateHandle(
            SubtaskKey present, CheckpointedStateScope scope) {
        return merging.getManagedDirStateHandle(key, scope);
    }

    @Override
    public boolean couldReusePreviousStateHandle(StreamStateHandle stateHandle) {
        return merging.couldReusePreviousStateHandle(stateHandle);
    }

    @Override
    public void reusePreviousStateHandle(
            long checkpointId, Collection<? extends StreamStateHandle> stateHandles) {
        merging.reusePreviousStateHandle(checkpointId, stateHandles);
    }

    @Override
    public void restoreStateHandles(
            long checkpointId, SubtaskKey present, Stream<SegmentFileStateHandle> stateHandles) {
        merging.restoreStateHandles(checkpointId, key, stateHandles);
    }

    @Override
    public void close() throws IOException {
        merging.close();
    }
}
