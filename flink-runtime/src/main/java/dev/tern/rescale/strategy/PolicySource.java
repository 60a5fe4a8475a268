package dev.tern.rescale.strategy;

import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Where parts of strategies come from that are not built in. */
public interface PolicySource {

    /** All implementations of an SPI. */
    <T> Collection<T> offered(Class<T> spi);

    /** What this source offers, and then another one. */
    default PolicySource and(PolicySource other) {
        PolicySource one = this;
        return new PolicySource() {
            @Override
            public <T> List<T> offered(Class<T> spi) {
                return Stream.concat(one.offered(spi).stream(), other.offered(spi).stream())
                        .toList();
            }
        };
    }

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
