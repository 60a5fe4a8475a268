package dev.tern.rescale.strategy;

import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;

/** Where parts of strategies come from that are not built in. */
public interface PolicySource {

    /** All implementations of an SPI. */
    <T> Collection<T> offered(Class<T> spi);

    /** Those on the class path of a class loader. */
    static PolicySource of(ClassLoader classLoader) {
        return new PolicySource() {
            @Override
            public <T> List<T> offered(Class<T> spi) {
                return ServiceLoader.load(spi, classLoader).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
            }
        };
    }
}
