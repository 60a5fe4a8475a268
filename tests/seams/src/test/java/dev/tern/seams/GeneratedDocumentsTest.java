package dev.tern.seams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.opener.Notice;
import dev.tern.opener.SeamsPage;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The committed pages say what the declaration files say. */
class GeneratedDocumentsTest {

    @Test
    void seamsPage() throws IOException {
        isCurrent(
                "docs/SEAMS.md",
                SeamsPage.render(Project.UPSTREAM_VERSION, Project.declarations()));
    }

    @Test
    void notice() throws IOException {
        isCurrent("NOTICE", Notice.ofProject(Project.UPSTREAM_VERSION, Project.declarations()));
    }

    private static void isCurrent(String file, String generated) throws IOException {
        Path committed = Project.ROOT.resolve(file);
        if (Boolean.getBoolean("tern.docs.update")) {
            Files.createDirectories(committed.getParent());
            Files.writeString(committed, generated);
        }
        assertThat(committed).exists();
        assertThat(Project.read(committed))
                .as("%s is out of date; run tools/update-generated-docs.sh", file)
                .isEqualTo(generated);
    }
}
