package dev.tern.opener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.opener.Declaration.Kind;

import org.junit.jupiter.api.Test;

import java.util.List;

class DeclarationFileTest {

    @Test
    void readsEveryKindOfChangeWithSectionReasonAndLine() {
        List<Declaration> declarations =
                DeclarationFile.parse(
                        List.of(
                                "# a comment",
                                "drop META-INF/x : ours",
                                "## First",
                                "class a.B$C",
                                "  type : t",
                                "  field f : because: of this",
                                "  field volatile g : v",
                                "  method m(I)V : m",
                                "  constructor : c",
                                "  constructor (J)V : c2",
                                "",
                                "## Second",
                                "  enter m -> h.H#enter : e",
                                "  intercept m -> h.H#intercept : i",
                                "  exit m -> h.H#exit : x",
                                "  redirect m new a.A -> h.A : r"));
        assertThat(declarations)
                .extracting(Declaration::kind)
                .containsExactly(
                        Kind.DROP,
                        Kind.TYPE,
                        Kind.FIELD,
                        Kind.FIELD,
                        Kind.METHOD,
                        Kind.CONSTRUCTOR,
                        Kind.CONSTRUCTOR,
                        Kind.ENTER,
                        Kind.INTERCEPT,
                        Kind.EXIT,
                        Kind.REDIRECT);
        assertThat(declarations.get(2))
                .isEqualTo(
                        new Declaration(
                                Kind.FIELD,
                                "a/B$C",
                                "f",
                                "",
                                "",
                                false,
                                "because: of this",
                                "First",
                                6));
        assertThat(declarations.get(3).makeVolatile()).isTrue();
        assertThat(declarations.get(4).descriptor()).isEqualTo("(I)V");
        assertThat(declarations.get(6).member()).isEqualTo("<init>");
        assertThat(declarations.get(6).descriptor()).isEqualTo("(J)V");
        assertThat(declarations.get(7).argument()).isEqualTo("h/H#enter");
        assertThat(declarations.get(7).section()).isEqualTo("Second");
        assertThat(declarations.get(10).argument()).isEqualTo("a/A>h/A");
    }

    @Test
    void anOpeningWithoutReasonIsRefused() {
        for (String line : List.of("field f :", "field f : ", "drop META-INF/x :")) {
            assertThatThrownBy(() -> DeclarationFile.parse(List.of("class a.B", line)))
                    .as(line)
                    .isInstanceOf(DeclarationException.class)
                    .hasMessage("declaration line 2 has no reason; every opening needs one");
        }
    }

    @Test
    void aLineThatIsNoDeclarationIsRefused() {
        assertThatThrownBy(() -> DeclarationFile.parse(List.of("class a.B", "", "field f")))
                .hasMessageStartingWith("declaration line 3 is not '<change> : <reason>'");
    }

    @Test
    void aMemberBeforeAnyClassIsRefused() {
        assertThatThrownBy(() -> DeclarationFile.parse(List.of("field f : r")))
                .hasMessage("declaration line 1 stands before any 'class' line");
    }

    @Test
    void anUnknownChangeIsRefused() {
        for (String change :
                List.of(
                        "fields f",
                        "type f",
                        "field static f",
                        "method",
                        "enter m -> h.H",
                        "redirect m -> h.H")) {
            assertThatThrownBy(
                            () -> DeclarationFile.parse(List.of("class a.B", change + " : r")))
                    .as(change)
                    .hasMessageStartingWith("declaration line 2 declares no known change");
        }
    }
}
