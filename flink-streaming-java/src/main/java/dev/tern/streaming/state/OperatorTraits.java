package dev.tern.streaming.state;

import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;

/**
 * What an operator is like as far as its class and its configuration tell: the same before and after
 * it has been started. Immutable.
 *
 * @param name for messages
 * @param type its class
 * @param keyed whether it has keyed state of any kind
 * @param emitsAtEnd whether it emits nothing before the end of its input
 */
record OperatorTraits(String name, Class<?> type, boolean keyed, boolean emitsAtEnd) {

    /** Of an operator that runs; task mailbox thread. */
    static OperatorTraits of(StreamOperator<?> operator) {
        return new OperatorTraits(
                OperatorInspection.name(operator),
                operator.getClass(),
                OperatorInspection.isKeyed(operator),
                operator.getOperatorAttributes().isOutputOnlyAfterEndOfStream());
    }

    /** Of an operator that is yet to be made. */
    static OperatorTraits of(StreamConfig config, ClassLoader userCode) {
        StreamOperatorFactory<?> factory = config.getStreamOperatorFactory(userCode);
        Class<?> type = factory.getStreamOperatorClass(userCode);
        return new OperatorTraits(
                OperatorInspection.name(config.getOperatorName(), type),
                type,
                config.getStateKeySerializer(userCode) != null,
                factory.getOperatorAttributes().isOutputOnlyAfterEndOfStream());
    }

    boolean is(Class<?> other) {
        return other.isAssignableFrom(type);
    }
}
