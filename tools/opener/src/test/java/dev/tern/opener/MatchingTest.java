package dev.tern.opener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** A declaration that does not name exactly one member stops the build with its line. */
class MatchingTest {

    @TempDir private Path directory;
    private Release release;

    @BeforeEach
    void release() throws IOException {
        release =
                Release.of(
                        directory,
                        """
                        package a;
                        public class B implements java.io.Serializable {
                            private int f;
                            B(int x) {}
                            B(long x) {}
                            void two(int x) {}
                            void two(long x) {}
                            int value() { return 1; }
                            Object make() { return new StringBuilder().append(new Object()); }
                            Object both(boolean b) { return b ? new Object() : new Object(); }
                            private Object readResolve() { return this; }
                            private void later() { Runnable r = () -> f++; }
                        }
                        """);
    }

    @Test
    void aMemberThatIsNotThere() {
        refuses("field g : r", "matches 0 fields instead of one: a.B g");
        refuses("method m : r", "matches 0 methods instead of one: a.B m");
        refuses("method two(D)V : r", "matches 0 methods instead of one: a.B two(D)V");
        refuses("constructor ()V : r", "matches 0 methods instead of one: a.B <init>()V");
        refuses("exit m -> h.H#t : r", "matches 0 methods instead of one: a.B m");
    }

    @Test
    void aNameThatSeveralMembersHave() {
        refuses("method two : r", "matches 2 methods instead of one: a.B two");
        refuses("constructor : r", "matches 2 methods instead of one: a.B <init>");
        refuses("enter two -> h.H#t : r", "matches 2 methods instead of one: a.B two");
    }

    @Test
    void aClassThatIsNotThere() {
        assertThatThrownBy(() -> release.open("class a.C", "  field f : r"))
                .hasMessage("declaration line 2 names a class that is not there: a.C");
        assertThatThrownBy(() -> release.open("class a.C", "  type : r"))
                .hasMessage("declaration line 2 matches 0 classes instead of one: a.C ");
    }

    @Test
    void aDroppedResourceThatIsNotThere() {
        assertThatThrownBy(() -> release.open("drop nothing.txt : r"))
                .hasMessageContaining("declaration line 1 matches 0 entries instead of one");
    }

    @Test
    void anAllocationThatIsNotThereOnce() {
        refuses(
                "redirect make new java.lang.Integer -> h.H : r",
                "matches 0 allocations of java/lang/Integer instead of one: a.B make");
        refuses(
                "redirect both new java.lang.Object -> h.H : r",
                "matches 2 allocations of java/lang/Object instead of one: a.B both");
    }

    @Test
    void whatIsNeverSafeToOpen() {
        refuses("method readResolve : r", "opens readResolve, which is never safe");
        refuses("method lambda$later$0 : r", "opens lambda$later$0, which is never safe");
    }

    @Test
    void hooksThatCannotBeInstalled() {
        refuses(
                "enter <init>(I)V -> h.H#t : r",
                "enters a constructor, where 'this' cannot be passed on yet");
        refuses("intercept value -> h.H#t : r", "intercepts a method that returns a value");
    }

    @Test
    void theSameChangeTwice() {
        assertThatThrownBy(() -> release.open("class a.B", "  field f : r", "  field f : again"))
                .hasMessage("declaration line 3 repeats line 2");
    }

    @Test
    void allMismatchesAreReportedAtOnce() {
        assertThatThrownBy(
                        () -> release.open("class a.B", "  field g : r", "", "  field h : r"))
                .isInstanceOf(DeclarationException.class)
                .satisfies(
                        e ->
                                assertThat(e.getMessage().lines())
                                        .containsExactly(
                                                "declaration line 2 matches 0 fields instead of"
                                                        + " one: a.B g",
                                                "declaration line 4 matches 0 fields instead of"
                                                        + " one: a.B h"));
    }

    @Test
    void nothingIsWrittenAfterAMismatch() {
        assertThatThrownBy(() -> release.open("class a.B", "  field g : r"))
                .isInstanceOf(DeclarationException.class);
        assertThat(release.classes()).doesNotExist();
    }

    private void refuses(String declaration, String problem) {
        assertThatThrownBy(() -> release.open("# first", "class a.B", "  " + declaration))
                .as(declaration)
                .isInstanceOf(DeclarationException.class)
                .hasMessage("declaration line 3 " + problem);
    }
}
