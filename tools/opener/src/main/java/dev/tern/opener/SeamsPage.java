package dev.tern.opener;

import dev.tern.opener.Declaration.Kind;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Renders docs/SEAMS.md, what Tern changes in Flink, from the declaration files. */
public final class SeamsPage {

    private static final String HEAD =
            """
            <!-- Generated from the declaration files; see the end of this page. -->
            # Seams: what Tern changes in Flink %1$s

            Tern holds no Flink source. The build takes the released jars of Flink %1$s, makes the
            members below accessible, drops `final` where a field is assigned, installs the hooks,
            and compiles Tern's classes against the result. This page is the whole difference.

            """;

    private static final String TAIL =
            """
            ## What keeps this honest

            - A line that matches no member, or several, stops the build with its number. So does
              opening a method that a subclass already has without overriding it, or one that
              serialization calls by name.
            - `WovenHooksTest` checks that every hook's target exists as the woven call needs it.
            - `ClassCheckTest` loads, verifies and initialises every class of our jars and of the
              released ones in the same run: the same ones may fail, and every Serializable class
              keeps its serialVersionUID. Opened classes without an explicit one get it pinned.
            - `WholeDifferenceTest` compares our class files with the released ones: nothing but
              what is listed here differs.
            - `tests/upstream` runs Flink's own released tests against our runtime.

            ## Moving to the next Flink release

            1. Set `upstream.version` in the root pom and the vendor version of all modules.
            2. Build. Every declaration that no longer matches is listed at once, with its line in
               `<module>/src/main/openings/`. Read the new sources and repair the line, or drop it
               with the code that needed it.
            3. Compile: what changed its type or signature shows here.
            4. Run `tools/upstream-exclusions.sh`, which measures the new release's own tests on the
               unmodified jars, then `./test.sh`.
            5. Run `tools/update-generated-docs.sh` and read the difference of this page.

            ## Regenerating

            This page and the root NOTICE come from the `.openings` files. A test fails when they
            are out of date; `tools/update-generated-docs.sh` rewrites them.
            """;

    private static final Set<Kind> HOOKS =
            EnumSet.of(Kind.ENTER, Kind.INTERCEPT, Kind.EXIT, Kind.REDIRECT);

    private final StringBuilder page = new StringBuilder();

    private SeamsPage() {}

    /**
     * The page as Markdown.
     *
     * @param version the Flink release that is opened
     * @param declarations by name of the released artifact, in the order to be shown
     */
    public static String render(String version, Map<String, List<Declaration>> declarations) {
        SeamsPage page = new SeamsPage();
        page.page.append(HEAD.formatted(version));
        page.counts(declarations);
        page.hooks(declarations);
        declarations.forEach(page::artifact);
        page.page.append(TAIL);
        return page.page.toString();
    }

    private void counts(Map<String, List<Declaration>> declarations) {
        line("| released jar | classes | types | fields | methods | hooks | dropped |");
        line("|---|--:|--:|--:|--:|--:|--:|");
        declarations.forEach(
                (artifact, changes) ->
                        line(
                                "| %s | %d | %d | %d | %d | %d | %d |",
                                artifact,
                                Opener.changedClasses(changes).size(),
                                count(changes, EnumSet.of(Kind.TYPE)),
                                count(changes, EnumSet.of(Kind.FIELD)),
                                count(changes, EnumSet.of(Kind.METHOD, Kind.CONSTRUCTOR)),
                                count(changes, HOOKS),
                                count(changes, EnumSet.of(Kind.DROP))));
        line("");
    }

    private void hooks(Map<String, List<Declaration>> declarations) {
        line("## Hooks: what runs differently");
        line("");
        line("Everything else on this page only makes members reachable.");
        line("");
        line("| where | how | calls | why |");
        line("|---|---|---|---|");
        declarations.values().stream()
                .flatMap(List::stream)
                .filter(d -> HOOKS.contains(d.kind()))
                .forEach(
                        d ->
                                line(
                                        "| `%s#%s` | %s | `%s` | %s |",
                                        simpleName(d.className()),
                                        d.member(),
                                        change(d),
                                        target(d),
                                        d.reason()));
        line("");
    }

    private void artifact(String artifact, List<Declaration> declarations) {
        List<Declaration> openings =
                declarations.stream().filter(d -> !HOOKS.contains(d.kind())).toList();
        if (openings.isEmpty()) {
            return;
        }
        bySection(openings)
                .forEach(
                        (section, members) -> {
                            line("## %s (%s)", section, artifact);
                            line("");
                            byClass(members).forEach(this::type);
                        });
    }

    private void type(String className, List<Declaration> members) {
        if (!className.isEmpty()) {
            line("### `%s`", className);
            line("");
        }
        line("| member | change | why |");
        line("|---|---|---|");
        for (Declaration member : members) {
            line("| `%s` | %s | %s |", memberName(member), change(member), member.reason());
        }
        line("");
    }

    private static Map<String, List<Declaration>> bySection(List<Declaration> declarations) {
        return declarations.stream()
                .collect(
                        Collectors.groupingBy(
                                Declaration::section, LinkedHashMap::new, Collectors.toList()));
    }

    private static Map<String, List<Declaration>> byClass(List<Declaration> declarations) {
        return declarations.stream()
                .collect(
                        Collectors.groupingBy(
                                Declaration::className, LinkedHashMap::new, Collectors.toList()));
    }

    private static long count(List<Declaration> declarations, Set<Kind> kinds) {
        return declarations.stream().filter(d -> kinds.contains(d.kind())).count();
    }

    private static String change(Declaration declaration) {
        return switch (declaration.kind()) {
            case TYPE -> "public type";
            case FIELD -> declaration.makeVolatile() ? "public, volatile" : "public, not final";
            case METHOD -> "public, not final";
            case CONSTRUCTOR -> "public";
            case ENTER -> "on entry";
            case INTERCEPT -> "on entry, may take the call over";
            case EXIT -> "before it returns";
            case REDIRECT -> "creates ours instead";
            case DROP -> "left out";
        };
    }

    private static String memberName(Declaration declaration) {
        return switch (declaration.kind()) {
            case TYPE -> "class";
            case CONSTRUCTOR -> "constructor";
            case FIELD, METHOD, ENTER, INTERCEPT, EXIT, REDIRECT, DROP -> declaration.member();
        };
    }

    private static String target(Declaration declaration) {
        String argument = declaration.argument().replace('/', '.');
        return argument.substring(argument.indexOf('>') + 1);
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private void line(String format, Object... arguments) {
        page.append(arguments.length == 0 ? format : format.formatted(arguments)).append('\n');
    }
}
