package dev.tern.jobs;

import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendFactory;

/** A state backend that nobody knows. */
public final class StrangeBackendFactory
        implements StateBackendFactory<StrangeBackendFactory.Strange> {

    @Override
    public Strange createFromConfig(ReadableConfig config, ClassLoader classLoader) {
        return new Strange();
    }

    /** Makes nothing: the job does not run. */
    public static final class Strange implements StateBackend {

        private static final long serialVersionUID = 1L;

        @Override
        public <K> AbstractKeyedStateBackend<K> createKeyedStateBackend(
                KeyedStateBackendParameters<K> parameters) {
            throw new UnsupportedOperationException("The job does not run");
        }

        @Override
        public OperatorStateBackend createOperatorStateBackend(
                OperatorStateBackendParameters parameters) {
            throw new UnsupportedOperationException("The job does not run");
        }
    }
}
