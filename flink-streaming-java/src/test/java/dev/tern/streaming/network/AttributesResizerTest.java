package dev.tern.streaming.network;

import org.apache.flink.streaming.runtime.io.RecordAttributesCombiner;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributesBuilder;

import org.junit.jupiter.api.Test;

import java.util.Collections;

import static org.assertj.core.api.Assertions.assertThat;

/** Backlog of an input whose channels come and go. */
class AttributesResizerTest {

    private static final RecordAttributes BACKLOG = attributes(true);
    private static final RecordAttributes NO_BACKLOG = attributes(false);

    private final RecordedOutput<Long> output = new RecordedOutput<>();
    private final RecordAttributesCombiner combiner = new RecordAttributesCombiner(2);

    @Test
    void lateChannelDoesNotKeepTheInputInItsBacklog() throws Exception {
        combiner.inputRecordAttributes(BACKLOG, 0, output);
        combiner.inputRecordAttributes(NO_BACKLOG, 1, output);
        AttributesResizer.append(combiner);
        output.take();

        combiner.inputRecordAttributes(NO_BACKLOG, 0, output);

        assertThat(output.all()).containsExactly(NO_BACKLOG);
    }

    @Test
    void lateChannelMayHaveABacklog() throws Exception {
        combiner.inputRecordAttributes(NO_BACKLOG, 0, output);
        combiner.inputRecordAttributes(NO_BACKLOG, 1, output);
        AttributesResizer.append(combiner);
        output.take();

        combiner.inputRecordAttributes(BACKLOG, 2, output);

        assertThat(output.all()).containsExactly(BACKLOG);
    }

    @Test
    void lateChannelIsWaitedForWhereNobodyHasSpokenYet() throws Exception {
        AttributesResizer.append(combiner);
        combiner.inputRecordAttributes(NO_BACKLOG, 0, output);
        combiner.inputRecordAttributes(NO_BACKLOG, 1, output);
        assertThat(output.all()).isEmpty();

        combiner.inputRecordAttributes(NO_BACKLOG, 2, output);

        assertThat(output.all()).containsExactly(NO_BACKLOG);
    }

    @Test
    void backlogOfARemovedChannelIsOver() throws Exception {
        combiner.inputRecordAttributes(BACKLOG, 0, output);
        combiner.inputRecordAttributes(NO_BACKLOG, 1, output);
        output.take();

        AttributesResizer.remove(combiner, 0, output);
        assertThat(output.take()).containsExactly(NO_BACKLOG);

        combiner.inputRecordAttributes(BACKLOG, 0, output);
        assertThat(output.all()).containsExactly(BACKLOG);
    }

    @Test
    void removedSilentChannelIsNoLongerWaitedFor() throws Exception {
        AttributesResizer.append(combiner);
        AttributesResizer.remove(combiner, 1, output);
        combiner.inputRecordAttributes(NO_BACKLOG, 0, output);
        combiner.inputRecordAttributes(NO_BACKLOG, 1, output);

        assertThat(output.all()).containsExactly(NO_BACKLOG);
    }

    private static RecordAttributes attributes(boolean backlog) {
        return new RecordAttributesBuilder(Collections.emptyList()).setBacklog(backlog).build();
    }
}
