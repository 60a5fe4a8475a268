package dev.tern.examples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.job.CommonParameters;
import dev.tern.examples.job.ExampleJob;
import dev.tern.examples.job.Inputs;
import dev.tern.examples.job.Launcher;
import dev.tern.examples.keycount.Line;
import dev.tern.examples.measure.TextFile;
import dev.tern.examples.nexmark.Event;
import dev.tern.examples.nexmark.EventFactory;
import dev.tern.examples.nexmark.EventText;
import dev.tern.examples.nexmark.Market;
import dev.tern.examples.nexmark.Oracle;
import dev.tern.examples.nexmark.Query;
import dev.tern.examples.nexmark.Settings;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.sink.Results;
import dev.tern.examples.source.GeneratedContent;
import dev.tern.examples.verify.ResultLines;
import dev.tern.examples.verify.Verification;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries q1 to q8 of NexMark on generated, replayed or Kafka's events.
 *
 * <p>Parameters also have the names of the NexMark jobs that Meces and DRRS are measured with.
 */
public final class Nexmark implements ExampleJob {

    public static void main(String[] args) throws Exception {
        Launcher.launch(new Nexmark(), args);
    }

    @Override
    public String name() {
        return "Nexmark";
    }

    @Override
    public Parameters.Declaration declare() {
        Parameters.Declaration declaration =
                Parameters.of(name(), "answers a query over the events of an auction site.");
        CommonParameters.output(CommonParameters.input(declaration, "generator"));
        return declaration
                .text("query", "q7", "q1 to q8.")
                .decimal("windowSize", 10, 0.001, "Seconds of the windows of q5, q7 and q8.")
                .whole("windowStep", 2000, 1, "Milliseconds between windows of q5.")
                .whole("auctionSkip", 123, 1, "q2 selects each so-many-th auction.")
                .decimal("eventRate", 0, 0, "Events per second of event time; 0: as --rate.")
                .whole("hotAuctionRatio", 2, 1, "One bid in so many is not on the hot auction.")
                .whole("hotSellersRatio", 4, 1, "One auction in so many is not the hot seller's.")
                .whole("hotBiddersRatio", 4, 1, "One bid in so many is not the hot bidder's.")
                .whole("inFlightAuctions", 100, 1, "How many of the latest auctions get bids.")
                .whole("activePeople", 1000, 1, "How many of the latest people sell and bid.")
                .whole("outOfOrderGroupSize", 1, 1, "Events leave shuffled in groups of so many.")
                .whole("personSize", 200, 0, "Bytes of a person, about.")
                .whole("auctionSize", 500, 0, "Bytes of an auction, about.")
                .whole("bidSize", 100, 0, "Bytes of a bid, about.")
                .also("windowPara", "opPar")
                .also("specificParallelism", "opPar")
                .also("maxKeyNum", "opMaxPar")
                .also("slideIntervalInMs", "windowStep")
                .also("kafkaBrokers", "kafkaServers");
    }

    @Override
    public void build(StreamExecutionEnvironment environment, Parameters parameters) {
        CommonParameters.checkParallelism(parameters, "opPar", "opMaxPar");
        Market market = market(parameters);
        DataStream<Event> events =
                Inputs.of(
                        environment,
                        parameters,
                        new GeneratedContent<>(
                                parameters.whole("limit"), new EventFactory(market)::at),
                        EventText::parse,
                        Event.class,
                        WatermarkStrategy.<Event>forBoundedOutOfOrderness(
                                        Duration.ofMillis(market.outOfOrderMillis()))
                                .withTimestampAssigner((event, before) -> event.timeMillis()));
        Query query = Query.named(parameters.text("query"));
        Results.end(
                query.of(events, settings(parameters), new Sized(parameters)),
                "nexmark-" + parameters.text("query"),
                parameters);
    }

    /** Keyed vertices of the given parallelism. */
    private record Sized(Parameters parameters) implements Query.Keyed {

        @Override
        public <T> SingleOutputStreamOperator<T> vertex(
                String name, SingleOutputStreamOperator<T> operator) {
            return operator.name(name)
                    .uid(name)
                    .setParallelism(parameters.count("opPar"))
                    .setMaxParallelism(parameters.count("opMaxPar"));
        }
    }

    @Override
    public Verification verify(Parameters parameters) throws IOException {
        return new Oracle(events(parameters), settings(parameters))
                .verify(Query.named(parameters.text("query")), ResultLines.read(parameters));
    }

    private static List<Event> events(Parameters parameters) throws IOException {
        List<Event> events = new ArrayList<>();
        if (CommonParameters.inputKind(parameters).equals("text")) {
            if (parameters.whole("repeat") != 1) {
                throw Parameters.refused("To verify needs a text that is read once (--repeat 1).");
            }
            TextFile text = TextFile.read(Path.of(parameters.text("inputFile")));
            for (int line = 0; line < text.lines(); line++) {
                events.add(EventText.parse(new Line(line, 0, 0, text.line(line))));
            }
            return events;
        }
        EventFactory factory = new EventFactory(market(parameters));
        long records = CommonParameters.verifiedRecords(parameters);
        for (long position = 0; position < records; position++) {
            events.add(factory.at(position, 0, 0));
        }
        return events;
    }

    private static Market market(Parameters parameters) {
        if (parameters.whole("outOfOrderGroupSize") % EventFactory.SHUFFLE == 0) {
            throw Parameters.refused(
                    "The parameter --outOfOrderGroupSize must not be a multiple of "
                            + EventFactory.SHUFFLE
                            + ", which shuffles nothing.");
        }
        return new Market(
                parameters.whole("seed"),
                1e6 / eventRate(parameters),
                parameters.count("hotAuctionRatio"),
                parameters.count("hotSellersRatio"),
                parameters.count("hotBiddersRatio"),
                parameters.count("inFlightAuctions"),
                parameters.count("activePeople"),
                parameters.count("outOfOrderGroupSize"),
                parameters.count("personSize"),
                parameters.count("auctionSize"),
                parameters.count("bidSize"));
    }

    private static double eventRate(Parameters parameters) {
        return parameters.decimal("eventRate") > 0
                ? parameters.decimal("eventRate")
                : CommonParameters.rate(parameters);
    }

    private static Settings settings(Parameters parameters) {
        return new Settings(
                Math.round(parameters.decimal("windowSize") * 1000),
                parameters.whole("windowStep"),
                parameters.whole("auctionSkip"),
                1000 * eventRate(parameters) / CommonParameters.rate(parameters));
    }
}
