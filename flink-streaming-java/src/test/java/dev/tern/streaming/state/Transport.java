package dev.tern.streaming.state;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import java.util.List;
import java.util.stream.IntStream;

/** The two ways in which a unit travels. */
enum Transport {
    BY_REFERENCE {
        @Override
        DetachedUnit carry(TaskKeyedState from, TaskKeyedState to, DetachedUnit unit) {
            return unit;
        }
    },
    BY_BYTES {
        @Override
        DetachedUnit carry(TaskKeyedState from, TaskKeyedState to, DetachedUnit unit)
                throws Exception {
            DataOutputSerializer out = new DataOutputSerializer(64);
            from.encoder().write(unit, out);
            unit.close();
            StateSchema schema = StateSchema.fromBytes(from.schema().toBytes());
            return to.decoder(schema)
                    .read(unit.keyGroup(), new DataInputDeserializer(out.getCopyOfBuffer()));
        }
    };

    abstract DetachedUnit carry(TaskKeyedState from, TaskKeyedState to, DetachedUnit unit)
            throws Exception;

    /** Moves key groups as a step of a migration does. */
    void move(HarnessSubtask from, HarnessSubtask to, int... keyGroups) throws Exception {
        TaskKeyedState source = from.state();
        TaskKeyedState target = to.state();
        source.scatter();
        target.scatter();
        target.adopt(StateSchema.fromBytes(source.schema().toBytes()));
        List<DetachedUnit> units = source.detachAll(IntStream.of(keyGroups).boxed().toList());
        for (DetachedUnit unit : units) {
            target.install(carry(source, target, unit));
        }
    }
}
