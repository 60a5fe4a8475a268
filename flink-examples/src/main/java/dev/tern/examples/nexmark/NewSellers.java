package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.windowing.RichWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

import dev.tern.examples.sink.Outcome;

/** Joins persons with the auctions they open in the window in which they register (q8). */
final class NewSellers extends RichWindowFunction<Event, Outcome, Long, TimeWindow> {

    private static final long serialVersionUID = 1L;

    private final Settings settings;

    private transient int subtask;

    NewSellers(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public void apply(Long id, TimeWindow window, Iterable<Event> events, Collector<Outcome> out) {
        for (Event person : events) {
            if (person.isPerson()) {
                for (Event auction : events) {
                    if (auction.isAuction()) {
                        out.collect(seller(person, auction, window));
                    }
                }
            }
        }
    }

    private Outcome seller(Event person, Event auction, TimeWindow window) {
        return new Outcome(
                Long.toString(person.person().id()),
                0,
                auction.recordId(),
                value(window.getEnd(), person.person(), auction.auction()),
                settings.dueMicros(
                        auction.scheduledMicros(), auction.timeMillis(), window.getEnd()),
                auction.channel(),
                subtask);
    }

    static String value(long windowEnd, Person person, Auction auction) {
        return windowEnd + "," + person.name() + "," + auction.id() + "," + auction.reserve();
    }
}
