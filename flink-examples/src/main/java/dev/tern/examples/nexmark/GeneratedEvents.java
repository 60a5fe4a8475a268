package dev.tern.examples.nexmark;

import dev.tern.examples.source.GeneratedContent;

/** Generates the events of the auction site. */
public final class GeneratedEvents extends GeneratedContent<Event> {

    private static final long serialVersionUID = 1L;

    private final EventFactory factory;

    /**
     * @param limit how many events to emit; 0 for no end
     */
    public GeneratedEvents(EventFactory factory, long limit) {
        super(limit);
        this.factory = factory;
    }

    @Override
    public Event at(long position, long scheduledMicros, int channel) {
        return factory.at(position, scheduledMicros, channel);
    }
}
