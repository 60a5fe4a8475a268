package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.EnumSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/** Bytes are read as the old owner wrote them, even if the serializers of two subtasks differ. */
class BackendSchemaTest {

    private enum Color {
        RED,
        GREEN
    }

    @Test
    void theOwnSerializerReadsWhatOneOfTheSameFormatWrote() throws Exception {
        TypeSerializer<?> reader =
                BackendSchema.reader(
                        StringSerializer.INSTANCE,
                        StringSerializer.INSTANCE.snapshotConfiguration(),
                        "state");
        assertThat(reader).isSameAs(StringSerializer.INSTANCE);
    }

    /**
     * As a survivor has it whose checkpoint is from a time when the enum was declared otherwise.
     */
    @Test
    @SuppressWarnings("unchecked")
    void theFormatOfTheOldOwnerCounts() throws Exception {
        EnumSerializer.EnumSerializerSnapshot<Color> reordered =
                new EnumSerializer.EnumSerializerSnapshot<>();
        DataOutputSerializer out = new DataOutputSerializer(64);
        out.writeUTF(Color.class.getName());
        out.writeInt(2);
        out.writeUTF("GREEN");
        out.writeUTF("RED");
        reordered.readSnapshot(
                reordered.getCurrentVersion(),
                new DataInputDeserializer(out.getCopyOfBuffer()),
                BackendSchemaTest.class.getClassLoader());
        DataOutputSerializer written = new DataOutputSerializer(8);
        reordered.restoreSerializer().serialize(Color.RED, written);

        EnumSerializer<Color> fresh = new EnumSerializer<>(Color.class);
        TypeSerializer<Color> reader =
                (TypeSerializer<Color>) BackendSchema.reader(fresh, reordered, "state");

        byte[] bytes = written.getCopyOfBuffer();
        assertThat(fresh.deserialize(new DataInputDeserializer(bytes))).isEqualTo(Color.GREEN);
        assertThat(reader.deserialize(new DataInputDeserializer(bytes))).isEqualTo(Color.RED);
    }

    @Test
    void anotherTypeIsRefused() {
        assertThatThrownBy(
                        () ->
                                BackendSchema.reader(
                                        LongSerializer.INSTANCE,
                                        StringSerializer.INSTANCE.snapshotConfiguration(),
                                        "state 'x'"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("state 'x'")
                .hasMessageContaining("LongSerializer");
    }
}
