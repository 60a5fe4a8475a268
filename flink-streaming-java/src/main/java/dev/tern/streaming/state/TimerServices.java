package dev.tern.streaming.state;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManager;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManagerImpl;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerServiceImpl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The timer services of one operator. The timers themselves are part of its state; here is what
 * makes them fire. Task mailbox thread.
 */
final class TimerServices {

    private final InternalTimeServiceManagerImpl<?> manager;

    /**
     * @param manager null if the operator has none
     */
    TimerServices(InternalTimeServiceManager<?> manager) {
        this.manager = (InternalTimeServiceManagerImpl<?>) manager;
    }

    static boolean supports(InternalTimeServiceManager<?> manager) {
        return manager == null || manager instanceof InternalTimeServiceManagerImpl;
    }

    private Collection<? extends InternalTimerServiceImpl<?, ?>> services() {
        return manager == null ? List.of() : manager.timerServices.values();
    }

    List<KeyGroupedInternalPriorityQueue<?>> queues() {
        List<KeyGroupedInternalPriorityQueue<?>> queues = new ArrayList<>();
        for (InternalTimerServiceImpl<?, ?> service : services()) {
            queues.add(service.processingTimeTimersQueue);
            queues.add(service.eventTimeTimersQueue);
        }
        return queues;
    }

    void rebase(KeyGroupRange hull) {
        if (manager == null) {
            return;
        }
        manager.localKeyGroupRange = hull;
        for (InternalTimerServiceImpl<?, ?> service : services()) {
            service.localKeyGroupRange = hull;
            service.localKeyGroupRangeStartIdx = hull.getStartKeyGroup();
        }
    }

    /** The processing times for which an alarm may be set now; to be given to {@link #rearm}. */
    Map<InternalTimerServiceImpl<?, ?>, Long> alarms() {
        Map<InternalTimerServiceImpl<?, ?>, Long> heads = new IdentityHashMap<>();
        for (InternalTimerServiceImpl<?, ?> service : services()) {
            heads.put(service, head(service));
        }
        return heads;
    }

    /** Sets the alarm of every service whose first timer is earlier than it was. */
    void rearm(Map<InternalTimerServiceImpl<?, ?>, Long> before) {
        for (InternalTimerServiceImpl<?, ?> service : services()) {
            long head = head(service);
            if (head < before.getOrDefault(service, Long.MAX_VALUE)
                    && service.triggerTarget != null) {
                if (service.nextTimer != null) {
                    service.nextTimer.cancel(false);
                }
                service.nextTimer =
                        service.processingTimeService.registerTimer(
                                head, service::onProcessingTime);
            }
        }
    }

    private static long head(InternalTimerServiceImpl<?, ?> service) {
        InternalTimer<?, ?> head = service.processingTimeTimersQueue.peek();
        return head == null ? Long.MAX_VALUE : head.getTimestamp();
    }

    /** Fires the event-time timers that are not later than the last watermark, if there was one. */
    void fireDueEventTimers() throws Exception {
        for (InternalTimerServiceImpl<?, ?> service : services()) {
            long watermark = service.currentWatermark();
            if (watermark > Long.MIN_VALUE && service.triggerTarget != null) {
                service.advanceWatermark(watermark);
            }
        }
    }
}
