package dev.tern.examples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.job.CommonParameters;
import dev.tern.examples.job.ExampleJob;
import dev.tern.examples.job.Inputs;
import dev.tern.examples.job.Launcher;
import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.sink.Results;
import dev.tern.examples.source.GeneratedContent;
import dev.tern.examples.stock.BookReplay;
import dev.tern.examples.stock.Day;
import dev.tern.examples.stock.Matching;
import dev.tern.examples.stock.Order;
import dev.tern.examples.stock.OrderText;
import dev.tern.examples.verify.HistoryCheck;
import dev.tern.examples.verify.KeyedRecords;
import dev.tern.examples.verify.ResultLines;
import dev.tern.examples.verify.Verification;

import java.io.IOException;

/**
 * Matches limit orders in the book of each stock, after the job of this name that Spacker (Mao et
 * al., ICDCS 2025) is measured with. Its data is not public: without an order file of one's own,
 * the day is synthetic.
 */
public final class StockExchange implements ExampleJob {

    public static void main(String[] args) throws Exception {
        Launcher.launch(new StockExchange(), args);
    }

    @Override
    public String name() {
        return "StockExchange";
    }

    @Override
    public Parameters.Declaration declare() {
        return CommonParameters.spacker(
                        Parameters.of(name(), "matches limit orders; generated ones are synthetic."))
                .whole("stocks", 1000, 1, "Stocks of the synthetic day.")
                .decimal("skew", 1, 0, "Zipf exponent of the orders per stock; 0 is uniform.")
                .decimal("scatter", 20, 0, "Standard deviation of synthetic prices in ticks.");
    }

    @Override
    public void build(StreamExecutionEnvironment environment, Parameters parameters) {
        CommonParameters.checkParallelism(parameters, "opPar", "opMaxPar");
        DataStream<Order> orders =
                Inputs.of(
                        environment,
                        parameters,
                        new GeneratedContent<>(parameters.whole("limit"), day(parameters)::at),
                        OrderText::parse,
                        Order.class,
                        WatermarkStrategy.noWatermarks());
        Results.end(
                orders.keyBy(Order::stock)
                        .map(new Matching())
                        .name("Matching")
                        .uid("matching")
                        .setParallelism(parameters.count("opPar"))
                        .setMaxParallelism(parameters.count("opMaxPar")),
                "stock-exchange",
                parameters);
    }

    @Override
    public Verification verify(Parameters parameters) throws IOException {
        Day day = day(parameters);
        long sources = parameters.whole("sourcePar");
        return HistoryCheck.of(
                ResultLines.read(parameters),
                KeyedRecords.of(
                        CommonParameters.verifiedRecords(parameters),
                        record -> day.at(record, 0, 0).stock()),
                () -> new BookReplay(record -> day.at(record, 0, 0)),
                record -> record % sources);
    }

    private static Day day(Parameters parameters) {
        return new Day(
                new KeySequence(
                        parameters.whole("seed"),
                        parameters.whole("stocks"),
                        0,
                        parameters.decimal("skew")),
                parameters.decimal("scatter"));
    }
}
