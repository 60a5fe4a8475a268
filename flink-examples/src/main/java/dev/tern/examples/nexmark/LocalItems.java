package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

import dev.tern.examples.sink.Outcome;

/**
 * Joins sellers with their auctions, without an end (q3). Whichever comes first waits in state for
 * the other; the person stays for ever.
 */
final class LocalItems extends KeyedProcessFunction<Long, Event, Outcome> {

    private static final long serialVersionUID = 1L;
    private static final long CATEGORY = 10;

    private transient ValueState<Event> seller;
    private transient ListState<Event> waiting;
    private transient int subtask;

    /** Whether the query wants a person or an auction. */
    static boolean wants(Event event) {
        return event.isPerson()
                ? isLocal(event.person().state())
                : event.isAuction() && event.auction().category() == CATEGORY;
    }

    private static boolean isLocal(String state) {
        return state.equals("OR") || state.equals("ID") || state.equals("CA");
    }

    /** The person that a person or an auction belongs to. */
    static long person(Event event) {
        return event.isPerson() ? event.person().id() : event.auction().seller();
    }

    @Override
    public void open(OpenContext context) {
        seller = getRuntimeContext().getState(new ValueStateDescriptor<>("seller", Event.class));
        waiting =
                getRuntimeContext()
                        .getListState(new ListStateDescriptor<>("waiting", Event.class));
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public void processElement(Event event, Context context, Collector<Outcome> out)
            throws Exception {
        Event known = seller.value();
        if (event.isPerson()) {
            seller.update(event);
            for (Event auction : waiting.get()) {
                out.collect(pair(event, auction));
            }
            waiting.clear();
        } else if (known != null) {
            out.collect(pair(known, event));
        } else {
            waiting.add(event);
        }
    }

    private Outcome pair(Event person, Event auction) {
        return new Outcome(
                Long.toString(person.person().id()),
                0,
                auction.recordId(),
                item(person.person(), auction.auction().id()),
                Math.max(person.scheduledMicros(), auction.scheduledMicros()),
                auction.channel(),
                subtask);
    }

    static String item(Person person, long auction) {
        return person.name() + "," + person.city() + "," + person.state() + "," + auction;
    }
}
