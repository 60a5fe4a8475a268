package dev.tern.jobs;

import org.apache.flink.api.connector.dsv2.DataStreamV2SinkUtils;
import org.apache.flink.api.connector.dsv2.DataStreamV2SourceUtils;
import org.apache.flink.datastream.api.ExecutionEnvironment;
import org.apache.flink.datastream.api.common.Collector;
import org.apache.flink.datastream.api.context.PartitionedContext;
import org.apache.flink.datastream.api.function.OneInputStreamProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import java.util.List;

/** A job of the second DataStream API that is never run. */
public final class SecondApi {

    private SecondApi() {}

    public static void main(String[] args) throws Exception {
        ExecutionEnvironment env = ExecutionEnvironment.getInstance();
        env.fromSource(DataStreamV2SourceUtils.fromData(List.of(1L, 2L)), "numbers")
                .keyBy(number -> number % 2)
                .process(new Same())
                .withName("SAME")
                .toSink(DataStreamV2SinkUtils.wrapSink(new DiscardingSink<>()));
        env.execute("second"); // EXECUTE
    }

    private static final class Same implements OneInputStreamProcessFunction<Long, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processRecord(
                Long number, Collector<Long> out, PartitionedContext<Long> context) {
            out.collect(number);
        }
    }
}
