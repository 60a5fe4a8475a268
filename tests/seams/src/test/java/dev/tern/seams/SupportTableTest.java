package dev.tern.seams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of docs/CORRECTNESS.md says what the code says, and names tests that exist. */
class SupportTableTest {

    /** Where reasons against a live rescale are written. */
    private static final Pattern OBSTACLES =
            Pattern.compile(
                    "dev/tern/(rescale/coordinate/[^/]*Obstacles|streaming/state/.*Obstacles"
                            + "|streaming/state/BufferingOperators)\\.class");

    /** Backends have one method for it. */
    private static final Pattern BACKENDS =
            Pattern.compile("dev/tern/streaming/state/[^/]*/[^/]*State\\.class");

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|ITCase))`");
    private static final Pattern WORD = Pattern.compile("\\S*\\p{L}\\S*");
    private static final int WORDS_OF_A_REASON = 3;

    private final String page = Project.read(Project.ROOT.resolve("docs/CORRECTNESS.md"));

    @Test
    void everyReasonAgainstALiveRescaleHasARow() {
        Set<String> missing = new TreeSet<>();
        Set<String> reasons = reasons();
        assertThat(reasons).contains("is a source");
        String table = String.join("\n", rows());
        for (String reason : reasons) {
            String longest =
                    Arrays.stream(reason.split("\u0001|%s|%d|'"))
                            .map(part -> part.replaceFirst("^\\W+", "").strip())
                            .max((a, b) -> Integer.compare(a.length(), b.length()))
                            .orElseThrow();
            // The table may leave off the end of a long one.
            String quoted = longest.substring(0, Math.min(longest.length(), 28)).strip();
            if (!table.contains(quoted)) {
                missing.add(reason);
            }
        }
        assertThat(missing)
                .as("reasons that no row of section 3 of docs/CORRECTNESS.md quotes")
                .isEmpty();
    }

    @Test
    void everyNamedTestExists() throws IOException {
        Set<String> existing;
        try (Stream<Path> files = Files.walk(Project.ROOT)) {
            existing =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".java"))
                            .map(name -> name.substring(0, name.length() - ".java".length()))
                            .collect(Collectors.toSet());
        }
        Matcher named = TEST.matcher(page);
        Set<String> names = new TreeSet<>();
        while (named.find()) {
            names.add(named.group(1));
        }
        assertThat(names).isNotEmpty();
        assertThat(existing).containsAll(names);
    }

    @Test
    void everyRowSaysHowFarSupportGoesAndWhereItIsShown() {
        assertThat(rows())
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        row -> {
                            String[] cells = row.split("\\|");
                            assertThat(cells).hasSize(4);
                            assertThat(cells[2].strip()).isIn("live", "restart", "refused");
                            assertThat(TEST.matcher(cells[3]).find() || cells[3].contains("\""))
                                    .as("a test or a reason in: %s", row)
                                    .isTrue();
                            assertThat(cells[2].contains("live") && cells[3].contains("\""))
                                    .as("a reason against what is live: %s", row)
                                    .isFalse();
                        });
    }

    private List<String> rows() {
        String section = page.substring(page.indexOf("| feature | support |"));
        return section.lines()
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    private static Set<String> reasons() {
        Set<String> reasons = new TreeSet<>();
        for (String artifact : Project.ARTIFACTS) {
            ClassFiles.of(Project.ours(artifact))
                    .forEach(
                            (path, bytes) -> {
                                boolean all = OBSTACLES.matcher(path).matches();
                                if (all || BACKENDS.matcher(path).matches()) {
                                    new ClassReader(bytes)
                                            .accept(
                                                    new Texts(all ? "" : "obstacle", reasons),
                                                    ClassReader.SKIP_DEBUG);
                                }
                            });
        }
        return reasons;
    }

    /** Texts in methods whose name contains something, also those that are put together. */
    private static final class Texts extends ClassVisitor {

        private final String method;
        private final Set<String> texts;

        Texts(String method, Set<String> texts) {
            super(Opcodes.ASM9);
            this.method = method;
            this.texts = texts;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            if (!name.contains(method)) {
                return null;
            }
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitLdcInsn(Object value) {
                    add(value);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String name, String descriptor, Handle bootstrap, Object... arguments) {
                    Arrays.stream(arguments).forEach(Texts.this::add);
                }
            };
        }

        private void add(Object value) {
            if (value instanceof String text
                    && WORD.matcher(text).results().count() >= WORDS_OF_A_REASON
                    && !text.contains("is no stream operator")) {
                texts.add(text);
            }
        }
    }
}
