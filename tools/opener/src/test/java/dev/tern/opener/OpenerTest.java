package dev.tern.opener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

class OpenerTest {

    private static final String B = "package a; public class B { private int f; private int g; }";
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000);

    @TempDir private Path directory;
    private Release release;

    @BeforeEach
    void release() throws IOException {
        release = Release.of(directory, B);
    }

    @Test
    void resourcesComeAlongAndTheManifestStaysBehind() throws IOException {
        release.open("# nothing");
        assertThat(release.classes().resolve("version.properties"))
                .hasContent("version.properties as released");
        assertThat(release.classes().resolve("META-INF/MANIFEST.MF")).doesNotExist();
    }

    @Test
    void aSecondRunWithTheSameInputsWritesNothing() throws IOException {
        Path file = release.open("class a.B", "  field f : r").classes().resolve("a/B.class");
        Files.setLastModifiedTime(file, LONG_AGO);
        release.open("class a.B", "  field f : r");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
    }

    @Test
    void aChangedDeclarationIsCarriedOutOnTheReleasedBytes() throws Exception {
        release.open("class a.B", "  field f : r");
        release.open("class a.B", "  field g : r");
        assertThat(release.load("a.B").getFields()).extracting("name").containsExactly("g");
    }

    @Test
    void aChangedJarIsOpenedAgain() throws Exception {
        release.open("class a.B", "  field f : r");
        Release next = Release.of(directory, B.replace("int f", "long f"));
        next.open("class a.B", "  field f : r");
        assertThat(next.load("a.B").getField("f").getType()).isEqualTo(long.class);
    }

    @Test
    void aCleanedClassDirectoryIsFilledAgain() throws Exception {
        release.open("# nothing");
        Files.move(release.classes(), directory.resolve("elsewhere"));
        release.open("# nothing");
        assertThat(release.load("a.B")).isNotNull();
    }

    @Test
    void aResourceDroppedLaterDisappears() throws IOException {
        Path resource = release.open("# nothing").classes().resolve("version.properties");
        assertThat(resource).exists();
        release.open("drop version.properties : ours takes its place");
        assertThat(resource).doesNotExist();
    }

    @Test
    void classesOfOursInTheDirectoryStay() throws Exception {
        release.open("# nothing").compileAgainst("package b; public class Ours {}");
        release.open("class a.B", "  field f : r");
        assertThat(release.load("b.Ours")).isNotNull();
    }

    @Test
    void wrongArgumentsAreAnsweredWithTheUsage() {
        assertThatThrownBy(() -> Opener.main(new String[] {"one"}))
                .hasMessageStartingWith("usage: Opener <declaration file>");
    }
}
