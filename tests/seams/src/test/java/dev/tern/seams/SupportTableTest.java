package dev.tern.seams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.Obstacle;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of docs/CORRECTNESS.md says what the code says, and names tests that exist. */
class SupportTableTest {

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|ITCase))`");

    /** So much of a reason has to be in the table; it may leave off the end of a long one. */
    private static final int QUOTED = 28;

    private final String page = Project.read(Project.ROOT.resolve("docs/CORRECTNESS.md"));

    /** No reason can be given that is not an {@link Obstacle}. */
    @Test
    void everyReasonAgainstALiveRescaleHasARow() {
        String table = String.join("\n", rows());
        assertThat(Obstacle.values())
                .allSatisfy(
                        obstacle ->
                                assertThat(table)
                                        .as("a row of docs/CORRECTNESS.md for %s", obstacle)
                                        .contains(quoteOf(obstacle)));
    }

    /** The beginning of the longest part without names and numbers that no other obstacle has. */
    private static String quoteOf(Obstacle obstacle) {
        return Arrays.stream(obstacle.format().split("'?%[sd]'?"))
                .map(part -> part.replaceFirst("^\\W+", ""))
                .map(part -> part.substring(0, Math.min(part.length(), QUOTED)).strip())
                .filter(
                        quote ->
                                Arrays.stream(Obstacle.values())
                                        .filter(other -> other != obstacle)
                                        .noneMatch(other -> other.format().contains(quote)))
                .max(Comparator.comparingInt(String::length))
                .orElseThrow(() -> new AssertionError(obstacle + " reads like another one"));
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
}
