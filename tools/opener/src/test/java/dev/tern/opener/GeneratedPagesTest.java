package dev.tern.opener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class GeneratedPagesTest {

    private static final List<Declaration> DECLARATIONS =
            DeclarationFile.parse(
                    List.of(
                            "## Tasks",
                            "class a.Task$Part",
                            "  type : nested",
                            "  field volatile f : read elsewhere",
                            "class a.Plan",
                            "  constructor : made by us",
                            "## Hooks",
                            "class a.Task",
                            "  intercept run -> h.Hook#runs : taken over",
                            "  redirect make new a.Plan -> h.Plan : ours"));

    @TempDir private Path directory;

    @Test
    void thePageCountsAndListsEveryChange() {
        assertThat(SeamsPage.render("1.2.3", perArtifact()))
                .contains("Flink 1.2.3")
                .contains("| one | 3 | 1 | 1 | 1 | 2 | 0 |")
                .contains("| two | 0 | 0 | 0 | 0 | 0 | 0 |")
                .contains(
                        "| `Task#run` | on entry, may take the call over | `h.Hook#runs`"
                                + " | taken over |")
                .contains("| `Task#make` | creates ours instead | `h.Plan` | ours |")
                .containsSubsequence(
                        "## Tasks (one)",
                        "### `a.Task$Part`",
                        "| `class` | public type | nested |",
                        "| `f` | public, volatile | read elsewhere |",
                        "### `a.Plan`",
                        "| `constructor` | public | made by us |");
    }

    @Test
    void theNoticeListsTheModifiedClassesOfEachArtifact() {
        assertThat(Notice.ofProject("1.2.3", perArtifact()))
                .contains("software developed at\nThe Apache Software Foundation")
                .containsSubsequence(
                        "Modified classes of org.apache.flink:one:1.2.3",
                        "\n- a.Plan\n- a.Task\n- a.Task$Part\n",
                        "No class of org.apache.flink:two:1.2.3 is modified.");
    }

    @Test
    void theNoticeOfAnOpenedJarFollowsTheReleasedOne() throws Exception {
        Release release =
                Release.of(directory, "package a; public class B { private int f; }")
                        .open("class a.B", "  field f : r");
        assertThat(Files.readString(release.classes().resolve("META-INF/NOTICE")))
                .startsWith("META-INF/NOTICE as released")
                .contains("This jar is released as released by Apache Flink, repackaged by Tern.")
                .endsWith("- a.B\n");
    }

    private static Map<String, List<Declaration>> perArtifact() {
        Map<String, List<Declaration>> result = new LinkedHashMap<>();
        result.put("one", DECLARATIONS);
        result.put("two", List.of());
        return result;
    }
}
