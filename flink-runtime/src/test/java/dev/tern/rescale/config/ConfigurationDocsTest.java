package dev.tern.rescale.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps docs/CONFIGURATION.md current. With {@code -Dtern.docs.update=true} the page is written
 * instead of compared.
 */
class ConfigurationDocsTest {

    private static final Path PAGE =
            Path.of(System.getProperty("basedir", "."), "..", "docs", "CONFIGURATION.md");

    @Test
    void thePageSaysWhatTheOptionsSay() throws Exception {
        String expected = ConfigurationDocs.render();
        if (Boolean.getBoolean("tern.docs.update")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as("Run ConfigurationDocsTest with -Dtern.docs.update=true to write the page.")
                .isEqualTo(expected);
    }

    @Test
    void everyOptionHasALine() {
        String page = ConfigurationDocs.render();
        RescaleOptions.REQUEST.forEach(option -> assertThat(page).contains("`" + option.key()));
        TransferOptions.ALL.forEach(option -> assertThat(page).contains("`" + option.key()));
        RescaleOptions.CLUSTER.forEach(option -> assertThat(page).contains("`" + option.key()));
    }
}
