package dev.tern.streaming.network;

import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.io.RecordAttributesCombiner;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributesBuilder;

import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;

/**
 * Adds and removes channels of the combination of record attributes, which tells whether an input
 * is working off a backlog. Task mailbox thread.
 */
final class AttributesResizer {

    private static final RecordAttributes NO_BACKLOG =
            new RecordAttributesBuilder(Collections.emptyList()).setBacklog(false).build();

    private AttributesResizer() {}

    /**
     * Appends a channel. Where attributes are in use it counts as one without backlog: the new
     * producer has missed earlier announcements and may never make one, and as long as a channel
     * has made none, the input cannot leave its backlog.
     */
    static void append(RecordAttributesCombiner combiner) {
        RecordAttributes[] known = combiner.allChannelRecordAttributes;
        boolean inUse = Arrays.stream(known).anyMatch(Objects::nonNull);
        RecordAttributes[] grown = Arrays.copyOf(known, known.length + 1);
        if (inUse) {
            grown[known.length] = NO_BACKLOG;
        } else {
            combiner.backlogUndefinedChannelCnt++;
        }
        combiner.allChannelRecordAttributes = grown;
    }

    /** Removes a channel; the numbers above it drop by one. A backlog it had is over. */
    static void remove(RecordAttributesCombiner combiner, int number, DataOutput<?> output)
            throws Exception {
        RecordAttributes[] known = combiner.allChannelRecordAttributes;
        if (known[number] == null) {
            combiner.backlogUndefinedChannelCnt--;
        } else {
            combiner.inputRecordAttributes(NO_BACKLOG, number, output);
        }
        RecordAttributes[] remaining = Arrays.copyOf(known, known.length - 1);
        System.arraycopy(known, number + 1, remaining, number, remaining.length - number);
        combiner.allChannelRecordAttributes = remaining;
    }
}
