package dev.tern.examples.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;

import dev.tern.examples.keycount.Line;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes records of lines. A line that is not of the format is left out, counted in the metric
 * {@code numUnreadableLines}, and the first of them is logged.
 */
final class ParsedLines<T> extends RichFlatMapFunction<Line, T> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ParsedLines.class);

    private final LineParser<T> parser;

    private transient Counter unreadable;

    ParsedLines(LineParser<T> parser) {
        this.parser = parser;
    }

    @Override
    public void open(OpenContext context) {
        unreadable = getRuntimeContext().getMetricGroup().counter("numUnreadableLines");
    }

    @Override
    public void flatMap(Line line, Collector<T> out) {
        try {
            T record = parser.parse(line);
            if (record != null) {
                out.collect(record);
            }
        } catch (IllegalArgumentException e) {
            if (unreadable.getCount() == 0) {
                LOG.warn("Line {} is left out, and so are others: {}", line.firstRecord(), e);
            }
            unreadable.inc();
        }
    }
}
