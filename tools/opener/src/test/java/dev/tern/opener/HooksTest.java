package dev.tern.opener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;

/** Hooks run when the opened classes are loaded, with what they were promised. */
class HooksTest {

    private static final String TASK =
            """
            package a;
            public class Task {
                public final java.util.List<String> log = new java.util.ArrayList<>();
                public void run(int times, long pause, String what) {
                    while (times-- > 0) {
                        log.add(what + pause);
                    }
                }
                public String name(boolean shout) {
                    if (shout) {
                        return "TASK";
                    }
                    return "task";
                }
                public long size(double factor) { return (long) (10 * factor); }
                public void fail() { throw new IllegalStateException("as before"); }
                public static int twice(int x) { return 2 * x; }
                public Plan plan(int steps) {
                    Plan plan = steps > 0 ? new Plan("p" + steps) : null;
                    return plan;
                }
            }
            """;

    private static final String PLAN =
            """
            package a;
            public class Plan {
                public final String text;
                public Plan(String text) { this.text = text; }
            }
            """;

    private static final String OUR_PLAN =
            """
            package h;
            public class OurPlan extends a.Plan {
                public OurPlan(String text) { super("our " + text); }
            }
            """;

    private static final String HOOK =
            """
            package h;
            public class Hook {
                public static final java.util.List<String> SEEN = new java.util.ArrayList<>();
                public static void entered(a.Task task, int times, long pause, String what) {
                    task.log.add("enter " + times + " " + pause + " " + what);
                }
                public static boolean ours(a.Task task, int times, long pause, String what) {
                    return what.equals("ours") && task.log.add("intercepted");
                }
                public static void named(String result, a.Task task, boolean shout) {
                    task.log.add("named " + result + " " + shout);
                }
                public static void sized(long result, a.Task task, double factor) {
                    task.log.add("sized " + result + " " + factor);
                }
                public static void ran(a.Task task, int times, long pause, String what) {
                    task.log.add("ran");
                }
                public static void failed(a.Task task) { task.log.add("never"); }
                public static void made(a.Task task) { task.log.add("made"); }
                public static void doubled(int result, int x) { SEEN.add(x + "->" + result); }
            }
            """;

    @TempDir private Path directory;
    private Release release;

    @BeforeEach
    void release() throws IOException {
        release = Release.of(directory, PLAN, TASK);
    }

    @Test
    void enterRunsBeforeTheBody() throws Exception {
        hooked("enter run -> h.Hook#entered : r");
        assertThat(logOf("run", 2, 5L, "x")).containsExactly("enter 2 5 x", "x5", "x5");
    }

    @Test
    void anInterceptedCallDoesNotReachTheBody() throws Exception {
        hooked("intercept run -> h.Hook#ours : r");
        assertThat(logOf("run", 2, 5L, "ours")).containsExactly("intercepted");
        assertThat(logOf("run", 2, 5L, "theirs")).containsExactly("theirs5", "theirs5");
    }

    @Test
    void exitSeesTheResultAtEveryReturn() throws Exception {
        hooked("exit name -> h.Hook#named : r");
        assertThat(logOf("name", true)).containsExactly("named TASK true");
        assertThat(logOf("name", false)).containsExactly("named task false");
    }

    @Test
    void exitSeesALongResult() throws Exception {
        hooked("exit size -> h.Hook#sized : r");
        assertThat(logOf("size", 1.5)).containsExactly("sized 15 1.5");
    }

    @Test
    void exitOfAVoidMethodPassesNoResult() throws Exception {
        hooked("exit run -> h.Hook#ran : r");
        assertThat(logOf("run", 1, 5L, "x")).containsExactly("x5", "ran");
    }

    @Test
    void exitIsNotCalledWhenTheBodyThrows() throws Exception {
        hooked("exit fail -> h.Hook#failed : r");
        Object task = release.load("a.Task").getConstructor().newInstance();
        assertThatThrownBy(() -> task.getClass().getMethod("fail").invoke(task))
                .isInstanceOf(InvocationTargetException.class)
                .hasRootCauseMessage("as before");
        assertThat(log(task)).isEmpty();
    }

    @Test
    void aConstructorCanBeHookedAtItsEnd() throws Exception {
        hooked("exit <init> -> h.Hook#made : r");
        assertThat(log(release.load("a.Task").getConstructor().newInstance()))
                .containsExactly("made");
    }

    @Test
    void aHookOnAStaticMethodHasNoThis() throws Exception {
        hooked("exit twice -> h.Hook#doubled : r");
        Class<?> task = release.load("a.Task");
        assertThat(task.getMethod("twice", int.class).invoke(null, 21)).isEqualTo(42);
        Class<?> hook = task.getClassLoader().loadClass("h.Hook");
        assertThat((List<?>) hook.getField("SEEN").get(null)).isEqualTo(List.of("21->42"));
    }

    @Test
    void severalHooksOnOneMethodRunInTheirOrder() throws Exception {
        hooked(
                "exit run -> h.Hook#ran : r",
                "intercept run -> h.Hook#ours : r",
                "enter run -> h.Hook#entered : r");
        assertThat(logOf("run", 1, 5L, "x")).containsExactly("enter 1 5 x", "x5", "ran");
    }

    @Test
    void aRedirectedAllocationMakesOurs() throws Exception {
        hooked("redirect plan new a.Plan -> h.OurPlan : r");
        Class<?> type = release.load("a.Task");
        Object task = type.getConstructor().newInstance();
        Object plan = type.getMethod("plan", int.class).invoke(task, 3);
        assertThat(plan.getClass().getName()).isEqualTo("h.OurPlan");
        assertThat(plan.getClass().getField("text").get(plan)).isEqualTo("our p3");
        assertThat(type.getMethod("plan", int.class).invoke(task, 0)).isNull();
    }

    private void hooked(String... declarations) throws IOException {
        String[] lines = new String[declarations.length + 1];
        lines[0] = "class a.Task";
        System.arraycopy(declarations, 0, lines, 1, declarations.length);
        release.open(lines).compileAgainst(OUR_PLAN, HOOK);
    }

    private List<Object> logOf(String method, Object... arguments) throws Exception {
        Object task = release.load("a.Task").getConstructor().newInstance();
        for (Method candidate : task.getClass().getMethods()) {
            if (candidate.getName().equals(method)) {
                candidate.invoke(task, arguments);
            }
        }
        return log(task);
    }

    private static List<Object> log(Object task) throws Exception {
        return List.copyOf((List<?>) task.getClass().getField("log").get(task));
    }
}
