package dev.tern.streaming.state;

import org.apache.flink.runtime.asyncprocessing.AsyncExecutionController;
import org.apache.flink.runtime.asyncprocessing.operators.AbstractAsyncKeyOrderedStreamOperator;
import org.apache.flink.runtime.asyncprocessing.operators.AbstractAsyncStateStreamOperatorV2;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.v2.adaptor.AsyncKeyedStateBackendAdaptor;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorV2;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManager;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorStateHandler;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Looks into the two families of Flink's operators. Stateless. */
final class OperatorInspection {

    private static final List<StateMover> MOVERS =
            ServiceLoader.load(StateMover.class, StateMover.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private OperatorInspection() {}

    /** The state handler, or null if the operator is of no known family. */
    static StreamOperatorStateHandler handler(StreamOperator<?> operator) {
        if (operator instanceof AbstractStreamOperator<?> known) {
            return known.stateHandler;
        }
        return operator instanceof AbstractStreamOperatorV2<?> known ? known.stateHandler : null;
    }

    /**
     * The backend with the keyed state, also when it is reached through the asynchronous interface;
     * null if there is none or if it has only that interface.
     */
    static CheckpointableKeyedStateBackend<?> backend(StreamOperatorStateHandler handler) {
        if (handler.keyedStateBackend != null) {
            return handler.keyedStateBackend;
        }
        AsyncKeyedStateBackend<?> asynchronous = handler.getAsyncKeyedStateBackend();
        return asynchronous instanceof AsyncKeyedStateBackendAdaptor<?> adaptor
                ? adaptor.getKeyedStateBackend()
                : null;
    }

    /**
     * What runs the asynchronous state requests of an operator, or null. Raw, as the operators have
     * it.
     */
    @SuppressWarnings("rawtypes")
    static AsyncExecutionController requests(StreamOperator<?> operator) {
        if (operator instanceof AbstractAsyncKeyOrderedStreamOperator<?> known) {
            return known.asyncExecutionController;
        }
        return operator instanceof AbstractAsyncStateStreamOperatorV2<?> known
                ? known.asyncExecutionController
                : null;
    }

    static InternalTimeServiceManager<?> timers(StreamOperator<?> operator) {
        if (operator instanceof AbstractStreamOperator<?> known) {
            return known.timeServiceManager;
        }
        return operator instanceof AbstractStreamOperatorV2<?> known
                ? known.timeServiceManager
                : null;
    }

    /** Name and class, for messages. */
    static String name(StreamOperator<?> operator) {
        return operator instanceof AbstractStreamOperator<?> known
                        && known.getRuntimeContext() != null
                ? name(known.getOperatorConfig().getOperatorName(), operator.getClass())
                : operator.getClass().getSimpleName();
    }

    static String name(String name, Class<?> type) {
        return name + " (" + type.getSimpleName() + ")";
    }

    /** Whether the operator has keyed state of any kind. */
    static boolean isKeyed(StreamOperator<?> operator) {
        StreamOperatorStateHandler handler = handler(operator);
        return handler != null
                && (handler.keyedStateBackend != null
                        || handler.getAsyncKeyedStateBackend() != null);
    }

    /**
     * The keyed state of an operator, if it is keyed and its backend is one of Flink's own kind.
     */
    static Optional<KeyedOperator> keyed(StreamOperator<?> operator) {
        StreamOperatorStateHandler handler = handler(operator);
        if (handler == null
                || !(backend(handler) instanceof AbstractKeyedStateBackend<?> backend)
                || !TimerServices.supports(timers(operator))) {
            return Optional.empty();
        }
        TimerServices timers = new TimerServices(timers(operator));
        return Optional.of(
                new KeyedOperator(
                        operator.getOperatorID(),
                        name(operator),
                        backend,
                        mover(backend).map(mover -> mover.open(backend, timers::queues)),
                        timers));
    }

    /**
     * Whether the operator declares raw keyed state of its own; what cannot be asked counts as yes.
     */
    static boolean usesRawKeyedState(StreamOperator<?> operator) {
        for (Class<?> type = operator.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Method declared = type.getDeclaredMethod("isUsingCustomRawKeyedState");
                declared.setAccessible(true);
                return (boolean) declared.invoke(operator);
            } catch (NoSuchMethodException e) {
                continue;
            } catch (ReflectiveOperationException | RuntimeException e) {
                return true;
            }
        }
        return true;
    }

    /** Whether state that such a backend keeps can move. */
    static boolean isMovable(StateBackend configured) {
        return MOVERS.stream().anyMatch(mover -> mover.supports(configured));
    }

    static Optional<StateMover> mover(CheckpointableKeyedStateBackend<?> backend) {
        return MOVERS.stream().filter(mover -> mover.supports(backend)).findFirst();
    }
}
