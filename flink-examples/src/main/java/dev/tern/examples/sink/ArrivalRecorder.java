package dev.tern.examples.sink;

import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

import dev.tern.examples.measure.Arrival;
import dev.tern.examples.measure.ArrivalLogWriter;
import dev.tern.examples.measure.EpochMicros;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Enters every result into the arrival log the moment it arrives, prints one now and then, and
 * passes it on as text if a file wants it.
 *
 * <p>The log is deliberately not exactly-once: an exactly-once sink shows results with the next
 * checkpoint and would hide their latency. Repeated results can be told by their record id.
 */
public final class ArrivalRecorder<T extends Result> extends RichFlatMapFunction<T, String> {

    private static final long serialVersionUID = 1L;

    private final String directory;
    private final long printIntervalMillis;
    private final boolean passOn;

    private transient ArrivalLogWriter log;
    private transient long nextPrintMicros;

    /**
     * @param directory of the arrival log; null to keep none
     * @param printIntervalMillis print one result per interval to standard output; 0 for never
     * @param passOn whether to emit results as text
     */
    public ArrivalRecorder(String directory, long printIntervalMillis, boolean passOn) {
        this.directory = directory;
        this.printIntervalMillis = printIntervalMillis;
        this.passOn = passOn;
    }

    @Override
    public void open(OpenContext context) {
        if (directory != null) {
            TaskInfo task = getRuntimeContext().getTaskInfo();
            log =
                    new ArrivalLogWriter(
                            Path.of(directory),
                            task.getIndexOfThisSubtask(),
                            task.getAttemptNumber(),
                            EpochMicros.now() / 1000);
        }
    }

    @Override
    public void flatMap(T result, Collector<String> out) throws IOException {
        long now = EpochMicros.now();
        Arrival arrival = result.arrival(now);
        if (log != null) {
            log.add(arrival);
        }
        if (printIntervalMillis > 0 && now >= nextPrintMicros) {
            nextPrintMicros = now + printIntervalMillis * 1000;
            long latencyMillis = (now - arrival.scheduledMicros()) / 1000;
            System.out.println(result.text() + "\tlatency " + latencyMillis + " ms");
        }
        if (passOn) {
            out.collect(result.text());
        }
    }

    @Override
    public void close() throws IOException {
        if (log != null) {
            log.close();
        }
    }
}
