package dev.tern.rescale.strategy;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.flink.core.plugin.PluginConfig;
import org.apache.flink.core.plugin.PluginManager;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The parts of strategies in {@code plugins/} of the distribution. As for every plugin of Flink, each
 * folder there has a class loader of its own; Tern's interfaces come from the distribution.
 */
public final class PluginPolicies implements PolicySource {

    private static final String TERN = "dev.tern.";

    private static PluginPolicies ofProcess;

    private final Optional<PluginManager> plugins;

    private PluginPolicies(Optional<PluginManager> plugins) {
        this.plugins = plugins;
    }

    /**
     * Those of this process, whose folder does not change: its class loaders stay, and jobs share
     * them.
     */
    public static synchronized PluginPolicies ofProcess(Configuration configuration) {
        if (ofProcess == null) {
            Optional<Path> folder =
                    PluginConfig.fromConfiguration(configuration).getPluginsPath();
            ofProcess =
                    folder.map(path -> in(path, configuration))
                            .orElseGet(() -> new PluginPolicies(Optional.empty()));
        }
        return ofProcess;
    }

    /** Those in the folders of a folder. */
    static PluginPolicies in(Path folder, Configuration configuration) {
        String[] parentFirst =
                Stream.concat(
                                Arrays.stream(
                                        CoreOptions.getPluginParentFirstLoaderPatterns(
                                                configuration)),
                                Stream.of(TERN))
                        .toArray(String[]::new);
        try {
            return new PluginPolicies(
                    Optional.of(
                            new DefaultPluginManager(
                                    new DirectoryBasedPluginFinder(folder).findPlugins(),
                                    PluginPolicies.class.getClassLoader(),
                                    parentFirst)));
        } catch (IOException e) {
            throw new UncheckedIOException("The plugins in " + folder + " cannot be read", e);
        }
    }

    @Override
    public <T> Collection<T> offered(Class<T> spi) {
        List<T> offered = new ArrayList<>();
        plugins.ifPresent(manager -> manager.load(spi).forEachRemaining(offered::add));
        return offered;
    }
}
