package dev.tern.rescale.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.opener.Declaration;
import dev.tern.opener.DeclarationFile;
import dev.tern.opener.HookTargets;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The hooks are called from woven class files, where javac cannot check the calls. A wrong target
 * would only show as a NoSuchMethodError in a running job.
 */
class WovenHooksTest {

    private static final Path DECLARATIONS = Path.of("src/main/openings/flink-runtime.openings");

    @Test
    void everyHookHasItsTarget() throws IOException {
        List<Declaration> declarations = DeclarationFile.read(DECLARATIONS);
        assertThat(declarations).anyMatch(d -> d.kind() == Declaration.Kind.INTERCEPT);
        assertThat(HookTargets.missing(declarations, getClass().getClassLoader()))
                .as("hooks of %s that would fail at run time", DECLARATIONS)
                .isEmpty();
    }
}
