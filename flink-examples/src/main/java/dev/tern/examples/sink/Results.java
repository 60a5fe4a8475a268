package dev.tern.examples.sink;

import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The last vertex of the example jobs: behind a rebalance, so that the one before can be rescaled.
 */
public final class Results {

    private Results() {}

    /**
     * Ends a stream of results in the arrival log and, if asked for, in exactly-once files.
     *
     * @param latencyDirectory of the arrival log; null to keep none
     * @param outputDirectory of the files; null for none
     */
    public static <T extends Result> void end(
            DataStream<T> results,
            int parallelism,
            String latencyDirectory,
            long printIntervalMillis,
            String outputDirectory) {
        SingleOutputStreamOperator<String> recorded =
                results.rebalance()
                        .flatMap(
                                new ArrivalRecorder<T>(
                                        latencyDirectory,
                                        printIntervalMillis,
                                        outputDirectory != null))
                        .returns(Types.STRING)
                        .name("Recorder")
                        .uid("recorder")
                        .setParallelism(parallelism);
        if (outputDirectory == null) {
            recorded.sinkTo(new DiscardingSink<>())
                    .name("Sink")
                    .uid("sink")
                    .setParallelism(parallelism);
        } else {
            recorded.sinkTo(
                            FileSink.forRowFormat(
                                            new Path(outputDirectory),
                                            new SimpleStringEncoder<String>())
                                    .withRollingPolicy(OnCheckpointRollingPolicy.build())
                                    .build())
                    .name("Sink")
                    .uid("sink")
                    .setParallelism(parallelism);
        }
    }
}
