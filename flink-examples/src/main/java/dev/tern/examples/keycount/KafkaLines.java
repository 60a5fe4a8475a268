package dev.tern.examples.keycount;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines from Kafka messages, whose value is UTF-8 text of one of three forms:
 *
 * <ul>
 *   <li>{@code <record id>,<epoch us, 16 digits>:<text>}, as {@link dev.tern.examples.KafkaFeed}
 *       writes it: ids without holes and the due time of the source;
 *   <li>{@code <epoch ms, 13 digits>:<text>}, as the original key-count reads it;
 *   <li>any other text, due at the timestamp of the message.
 * </ul>
 *
 * <p>Without an id of their own, words are numbered by partition, offset and place in the message,
 * which is unique but has holes. The channel is the partition.
 */
public final class KafkaLines implements KafkaRecordDeserializationSchema<Line> {

    private static final long serialVersionUID = 1L;

    private static final Pattern FED =
            Pattern.compile("(\\d{1,18}),(\\d{16}):(.*)", Pattern.DOTALL);
    private static final Pattern TIMED = Pattern.compile("(\\d{13}):(.*)", Pattern.DOTALL);
    private static final int PARTITION_SHIFT = 52;
    private static final int OFFSET_SHIFT = 14;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<Line> out) {
        if (message.value() != null) {
            out.collect(
                    line(
                            new String(message.value(), StandardCharsets.UTF_8),
                            message.partition(),
                            message.offset(),
                            message.timestamp()));
        }
    }

    /** The line in a message. */
    static Line line(String value, int partition, long offset, long timestampMillis) {
        Matcher fed = FED.matcher(value);
        if (fed.matches()) {
            return new Line(
                    Long.parseLong(fed.group(1)),
                    Long.parseLong(fed.group(2)),
                    partition,
                    fed.group(3));
        }
        long firstRecord = ((long) partition << PARTITION_SHIFT) | (offset << OFFSET_SHIFT);
        Matcher timed = TIMED.matcher(value);
        return timed.matches()
                ? new Line(
                        firstRecord,
                        Long.parseLong(timed.group(1)) * 1000,
                        partition,
                        timed.group(2))
                : new Line(firstRecord, timestampMillis * 1000, partition, value);
    }

    /** The value of a message that carries a line of a feed. */
    public static byte[] message(Line line) {
        String value = line.firstRecord() + "," + line.scheduledMicros() + ":" + line.text();
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public TypeInformation<Line> getProducedType() {
        return TypeInformation.of(Line.class);
    }
}
