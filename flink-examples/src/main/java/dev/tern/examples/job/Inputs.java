package dev.tern.examples.job;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.keycount.KafkaLines;
import dev.tern.examples.keycount.Line;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.source.Content;
import dev.tern.examples.source.OpenLoopSource;

/** The first vertex of an example job: a generator, a replayed text or a Kafka topic. */
public final class Inputs {

    private Inputs() {}

    /**
     * The input that the parameters ask for.
     *
     * @param generated what the generator emits
     * @param parser makes a record of a line of text or of Kafka
     */
    public static <T> DataStream<T> of(
            StreamExecutionEnvironment environment,
            Parameters parameters,
            Content<T> generated,
            LineParser<T> parser,
            Class<T> type,
            WatermarkStrategy<T> watermarks) {
        int parallelism = parameters.count("sourcePar");
        String kind = CommonParameters.inputKind(parameters);
        if (kind.equals("generator")) {
            return environment
                    .fromSource(openLoop(generated, parameters), watermarks, "Generator")
                    .returns(type)
                    .uid("source")
                    .setParallelism(parallelism);
        }
        Source<Line, ?, ?> lines =
                kind.equals("kafka")
                        ? kafka(parameters, "tern-examples")
                        : openLoop(
                                new ReplayedLines(
                                        parameters.text("inputFile"), parameters.whole("repeat")),
                                parameters);
        return environment
                .fromSource(lines, WatermarkStrategy.noWatermarks(), "Lines")
                .returns(Line.class)
                .uid("source")
                .setParallelism(parallelism)
                .flatMap(new ParsedLines<>(parser))
                .returns(type)
                .name("Parser")
                .uid("parser")
                .setParallelism(parallelism)
                .assignTimestampsAndWatermarks(watermarks)
                .uid("watermarks")
                .setParallelism(parallelism);
    }

    private static <T> OpenLoopSource<T> openLoop(Content<T> content, Parameters parameters) {
        return new OpenLoopSource<>(
                content, CommonParameters.schedule(parameters), parameters.text("latencyDir"));
    }

    /** Lines of the topic that the parameters name. */
    public static KafkaSource<Line> kafka(Parameters parameters, String group) {
        KafkaRecordDeserializationSchema<Line> lines = new KafkaLines();
        KafkaSourceBuilder<Line> builder =
                KafkaSource.<Line>builder()
                        .setBootstrapServers(parameters.text("kafkaServers"))
                        .setTopics(parameters.text("topic"))
                        .setGroupId(group)
                        .setStartingOffsets(
                                parameters.flag("startFromEarliest")
                                        ? OffsetsInitializer.earliest()
                                        : OffsetsInitializer.latest())
                        .setDeserializer(lines);
        if (parameters.flag("stopAtLatest")) {
            builder.setBounded(OffsetsInitializer.latest());
        }
        return builder.build();
    }
}
