package dev.tern.seams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.opener.Opener;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Each repackaged jar carries upstream's licence and notice, and says what was changed. */
class JarLicenseTest {

    private static final List<String> ARTIFACTS = Project.ARTIFACTS;

    @ParameterizedTest
    @FieldSource("ARTIFACTS")
    void theLicenceIsTheReleasedOne(String artifact) {
        assertThat(text(ClassFiles.of(Project.ours(artifact)), "LICENSE"))
                .contains("Apache License")
                .isEqualTo(text(ClassFiles.of(Project.released(artifact)), "LICENSE"));
    }

    @ParameterizedTest
    @FieldSource("ARTIFACTS")
    void theNoticeIsTheReleasedOneAndThenTheModifiedClasses(String artifact) {
        String notice = text(ClassFiles.of(Project.ours(artifact)), "NOTICE");
        assertThat(notice)
                .startsWith(text(ClassFiles.of(Project.released(artifact)), "NOTICE"))
                .contains("repackaged by Tern");
        assertThat(Opener.changedClasses(Project.declarations().get(artifact)))
                .allSatisfy(name -> assertThat(notice).contains("\n- " + name + "\n"));
    }

    private static String text(Map<String, byte[]> files, String name) {
        byte[] content = files.get("META-INF/" + name);
        assertThat(content).as(name).isNotNull();
        return new String(content, StandardCharsets.UTF_8);
    }
}
