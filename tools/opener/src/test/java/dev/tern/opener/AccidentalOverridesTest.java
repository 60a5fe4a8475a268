package dev.tern.opener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class AccidentalOverridesTest {

    private static final String BASE =
            """
            package a;
            public class Base {
                private void hidden() {}
                void inPackage() {}
                protected void inherited() {}
            }
            """;

    private static final String MIDDLE = "package a; public class Middle extends Base {}";

    private static final String NEAR =
            """
            package a;
            public class Near extends Middle {
                void hidden(int other) {}
                void inPackage() {}
                protected void inherited() {}
            }
            """;

    @TempDir private Path directory;

    @Test
    void aSubclassThatWouldSuddenlyOverrideAPrivateMethodIsNamed() throws Exception {
        Release release =
                Release.of(
                        directory,
                        BASE,
                        MIDDLE,
                        "package a; public class Clash extends Middle { void hidden() {} }");
        assertThatThrownBy(() -> release.open("class a.Base", "  method hidden : r"))
                .isInstanceOf(DeclarationException.class)
                .hasMessage(
                        "declaration line 2 would let a.Clash override the hidden a.Base#hidden");
    }

    @Test
    void aSubclassInAnotherPackageDoesNotSeeAPackagePrivateMethod() throws Exception {
        Release release =
                Release.of(
                        directory,
                        BASE,
                        "package b; public class Far extends a.Base { void inPackage() {} }");
        assertThatThrownBy(() -> release.open("class a.Base", "  method inPackage : r"))
                .hasMessage(
                        "declaration line 2 would let b.Far override the hidden a.Base#inPackage");
    }

    @Test
    void overridesThatWereThereBeforeAreFine() throws Exception {
        Release release = Release.of(directory, BASE, MIDDLE, NEAR);
        release.open(
                "class a.Base",
                "  method hidden : r",
                "  method inPackage : r",
                "  method inherited : r");
        assertThat(release.load("a.Base").getMethods())
                .extracting("name")
                .contains("hidden", "inPackage", "inherited");
    }
}
