package dev.tern.opener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What javac cannot see, because only the declaration file names a hook's target. */
class HookTargetsTest {

    private static final String TASK =
            """
            package a;
            public class Task {
                public boolean run(int times, String what) { return times > 0; }
                public void stop() {}
                public Plan plan() { return new Plan("p"); }
            }
            """;

    private static final String PLAN =
            "package a; public class Plan { public Plan(String text) {} }";

    private static final String[] DECLARATIONS = {
        "class a.Task",
        "  enter run -> h.Hook#before : r",
        "  exit run -> h.Hook#after : r",
        "  intercept stop -> h.Hook#stops : r",
        "  redirect plan new a.Plan -> h.Plan : r"
    };

    private static final String GOOD_HOOK =
            """
            package h;
            public class Hook {
                public static void before(a.Task task, int times, String what) {}
                public static void after(boolean result, a.Task task, int times, String what) {}
                public static boolean stops(a.Task task) { return false; }
            }
            """;

    private static final String GOOD_PLAN =
            """
            package h;
            public class Plan extends a.Plan { public Plan(String text) { super(text); } }
            """;

    @TempDir private Path directory;
    private Release release;

    @BeforeEach
    void release() throws IOException {
        release = Release.of(directory, PLAN, TASK).open(DECLARATIONS);
    }

    @Test
    void nothingIsMissingWhenAllTargetsFit() throws Exception {
        release.compileAgainst(GOOD_HOOK, GOOD_PLAN);
        assertThat(missing()).isEmpty();
    }

    @Test
    void everyMissingTargetIsNamedWithItsSignature() throws Exception {
        assertThat(missing())
                .containsExactly(
                        "line 2: h.Hook#before is missing:"
                                + " public static before(La/Task;ILjava/lang/String;)V",
                        "line 3: h.Hook#after is missing:"
                                + " public static after(ZLa/Task;ILjava/lang/String;)V",
                        "line 4: h.Hook#stops is missing: public static stops(La/Task;)Z",
                        "line 5: a.Plan>h.Plan is missing: class h.Plan");
    }

    @Test
    void aTargetOfAnotherShapeIsReported() throws Exception {
        release.compileAgainst(
                """
                package h;
                public class Hook {
                    public void before(a.Task task, int times, String what) {}
                    static void after(boolean result, a.Task task, int times, String what) {}
                    public static void stops(a.Task task) {}
                }
                """,
                "package h; public class Plan extends a.Plan { Plan(String t) { super(t); } }");
        assertThat(missing())
                .containsExactly(
                        "line 2: h.Hook#before is there, but not as public static void",
                        "line 3: h.Hook#after is missing:"
                                + " public static after(ZLa/Task;ILjava/lang/String;)V",
                        "line 4: h.Hook#stops is there, but not as public static boolean",
                        "line 5: a.Plan>h.Plan is missing:"
                                + " public constructor (Ljava/lang/String;)V");
    }

    @Test
    void aReplacementThatDoesNotFitIsReported() throws Exception {
        release.compileAgainst(
                GOOD_HOOK, "package h; public class Plan { public Plan(String text) {} }");
        assertThat(missing())
                .singleElement()
                .asString()
                .startsWith("line 5: a.Plan>h.Plan does not fit where the other went:")
                .contains("Bad return type");
    }

    @Test
    void aClassThatWasNotWovenIsReported() throws Exception {
        release.compileAgainst(GOOD_HOOK, GOOD_PLAN, TASK);
        assertThat(missing())
                .containsExactly(
                        "line 2: h.Hook#before is not called by a.Task",
                        "line 3: h.Hook#after is not called by a.Task",
                        "line 4: h.Hook#stops is not called by a.Task",
                        "line 5: a.Plan>h.Plan is not called by a.Task");
    }

    private List<String> missing() throws Exception {
        return HookTargets.missing(
                DeclarationFile.parse(List.of(DECLARATIONS)),
                release.loader());
    }
}
