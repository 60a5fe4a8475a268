package dev.tern.examples.sink;

import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import dev.tern.examples.parameters.Parameters;

/**
 * The last vertex of the example jobs: behind a rebalance, so that the one before can be rescaled.
 */
public final class Results {

    private Results() {}

    /**
     * Ends a stream of results in the arrival log and, if asked for, in exactly-once files and in a
     * Kafka topic.
     *
     * @param job name for the transactions of Kafka
     */
    public static <T extends Result> void end(
            DataStream<T> results, String job, Parameters parameters) {
        if (parameters.isGiven("outputTopic")) {
            // Chained behind the keyed operator, and rescaled with it.
            results.sinkTo(
                            ResultTopic.sink(
                                    job,
                                    parameters.text("kafkaServers"),
                                    parameters.text("outputTopic")))
                    .name("Topic")
                    .uid("topic")
                    .setParallelism(results.getParallelism());
        }
        int parallelism = parameters.count("sinkPar");
        String outputDirectory = parameters.text("output");
        SingleOutputStreamOperator<String> recorded =
                results.rebalance()
                        .flatMap(
                                new ArrivalRecorder<T>(
                                        parameters.text("latencyDir"),
                                        parameters.whole("sinkInterval"),
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
