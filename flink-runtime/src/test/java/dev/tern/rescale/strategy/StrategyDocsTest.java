package dev.tern.rescale.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.CheckedOption;
import dev.tern.rescale.plan.MigrationScheduler;
import dev.tern.rescale.plan.Order;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** docs/STRATEGIES.md has a row for each strategy and scheduler, with all options and defaults. */
class StrategyDocsTest {

    private static final Path PAGE =
            Path.of(System.getProperty("basedir", "."), "..", "docs", "STRATEGIES.md");

    private final StrategyCatalog catalog =
            StrategyCatalog.load(StrategyDocsTest.class.getClassLoader(), 1);

    @Test
    void everyStrategyHasARowWithItsParts() throws Exception {
        for (String name : catalog.strategyNames()) {
            Strategy strategy = catalog.choose(name, Map.of()).strategy();
            assertThat(row(name)).contains("`" + strategy.scheduler() + "`", "`" + strategy.handover() + "`");
        }
    }

    @Test
    void everySchedulerHasARowWithItsOptions() throws Exception {
        for (MigrationScheduler scheduler : catalog.schedulers()) {
            String row = row(scheduler.name());
            for (CheckedOption<?> option : scheduler.options()) {
                assertThat(row).contains("`" + option.key() + "`");
            }
        }
    }

    @Test
    void everyOrderIsNamed() throws Exception {
        assertThat(Files.readString(PAGE))
                .contains(Arrays.stream(Order.values()).map(order -> "`" + order + "`").toList());
    }

    private static String row(String name) throws Exception {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `" + name + "`"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No row for " + name));
    }
}
