package dev.tern.tests;

import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.StandardSinkTopologies;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Writes counts to {@link Transactions}, one transaction for each checkpoint of each subtask. */
class TransactionalSink implements Sink<Tuple2<Long, Integer>>, SupportsCommitter<String> {

    private static final long serialVersionUID = 1L;

    final String run;

    TransactionalSink(String run) {
        this.run = run;
    }

    /** The same with operators before the committer, in its chain, and behind it, elsewhere. */
    static TransactionalSink withTopologies(String run) {
        return new WithTopologies(run);
    }

    @Override
    public SinkWriter<Tuple2<Long, Integer>> createWriter(WriterInitContext context) {
        return new Writer(run, context.getTaskInfo().getIndexOfThisSubtask());
    }

    @Override
    public Committer<String> createCommitter(CommitterInitContext context) {
        return new EachCommitter(Transactions.of(run)::commit);
    }

    @Override
    public SimpleVersionedSerializer<String> getCommittableSerializer() {
        return new IdSerializer();
    }

    private static final class Writer
            implements CommittingSinkWriter<Tuple2<Long, Integer>, String> {

        private final String run;
        private final int subtask;
        private String transaction;

        private Writer(String run, int subtask) {
            this.run = run;
            this.subtask = subtask;
        }

        @Override
        public void write(Tuple2<Long, Integer> count, Context context) {
            if (transaction == null) {
                transaction = UUID.randomUUID().toString();
            }
            Transactions.of(run).write(transaction, subtask, count);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public Collection<String> prepareCommit() {
            if (transaction == null) {
                return List.of();
            }
            List<String> prepared = List.of(transaction);
            transaction = null;
            return prepared;
        }

        @Override
        public void close() {
            if (transaction != null) {
                Transactions.of(run).abort(transaction);
            }
        }
    }

    private record EachCommitter(Consumer<String> action) implements Committer<String> {

        @Override
        public void commit(Collection<CommitRequest<String>> requests) {
            requests.forEach(request -> action.accept(request.getCommittable()));
        }

        @Override
        public void close() {}
    }

    private static final class IdSerializer implements SimpleVersionedSerializer<String> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(String id) {
            return id.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String deserialize(int version, byte[] serialized) {
            return new String(serialized, StandardCharsets.UTF_8);
        }
    }

    private static final class WithTopologies extends TransactionalSink
            implements SupportsPreCommitTopology<String, String>,
                    SupportsPostCommitTopology<String> {

        private static final long serialVersionUID = 1L;

        private WithTopologies(String run) {
            super(run);
        }

        @Override
        public DataStream<CommittableMessage<String>> addPreCommitTopology(
                DataStream<CommittableMessage<String>> committables) {
            return committables.map(message -> message).returns(committables.getType());
        }

        @Override
        public SimpleVersionedSerializer<String> getWriteResultSerializer() {
            return getCommittableSerializer();
        }

        @Override
        public void addPostCommitTopology(DataStream<CommittableMessage<String>> committables) {
            String name = run;
            StandardSinkTopologies.addGlobalCommitter(
                    committables,
                    (CommitterInitContext context) ->
                            new EachCommitter(Transactions.of(name)::announce),
                    IdSerializer::new);
        }
    }
}
