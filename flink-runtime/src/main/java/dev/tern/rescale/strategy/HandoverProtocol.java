package dev.tern.rescale.strategy;

/**
 * How one step is executed between upstream tasks, old owner and new owner, as choices among the
 * legal behaviours of the kernel.
 *
 * <p>Found through {@link java.util.ServiceLoader}, chosen by a strategy. {@link HandoverRules}
 * refuses combinations that would lose, double or reorder records.
 */
public interface HandoverProtocol {

    /** When upstream tasks send records of a moving unit to the new owner. */
    enum RouteSwitch {
        /** From the marker on, in channel order. */
        AT_MARKER,
        /** The same, and a marker that overtakes queued records tells the owners at once. */
        ANNOUNCED
    }

    /** When a unit may leave its old owner. */
    enum Departure {
        /** When every input channel has shown the marker: no record of the unit is in flight. */
        ALL_CHANNELS_ALIGNED,
        /** When the owners have been told of the switch; records may still be in flight. */
        WHEN_ANNOUNCED
    }

    /** What the old owner does with a record of a unit that has left. */
    enum LateRecords {
        /** Cannot occur; the kernel fails the task if it does. */
        IMPOSSIBLE,
        /** Sent behind the unit, in order. */
        RE_ROUTED
    }

    /** What the new owner does with a record of a unit that has not arrived. */
    enum EarlyRecords {
        /** Set aside in arrival order until the unit is installed; other units go on. */
        SUSPEND_FIFO,
        /**
         * The same, and then, channel by channel, until the old owner says that it has re-routed the
         * last record of that channel.
         */
        BEHIND_LATE_ONES
    }

    /** Who starts the transfer of a unit. */
    enum Transfer {
        /** The new owner requests it from the old one. */
        PULL
    }

    /** The name strategies refer to. */
    String name();

    RouteSwitch routeSwitch();

    Departure departure();

    LateRecords lateRecords();

    EarlyRecords earlyRecords();

    Transfer transfer();
}
