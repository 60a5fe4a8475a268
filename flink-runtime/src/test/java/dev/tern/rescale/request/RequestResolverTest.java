package dev.tern.rescale.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What each kind of request turns into, or what is said about it. */
class RequestResolverTest {

    private static final VertexView SOURCE =
            new VertexView(
                    "00000000000000000000000000000001",
                    "Source: words",
                    2,
                    128,
                    List.of("is a source"));
    private static final VertexView COUNTER =
            new VertexView(
                    "0000000000000000000000000000000a",
                    "Counter -> (Appender, Sink: out)",
                    2,
                    128,
                    List.of());
    private static final VertexView WINDOW =
            new VertexView("0000000000000000000000000000000b", "Window", 3, 64, List.of());
    private static final VertexView BROKEN =
            new VertexView(
                    "0000000000000000000000000000000c",
                    "Join",
                    2,
                    128,
                    List.of("has operator state", "feeds a pointwise edge"));

    private static final RescaleDefaults DEFAULTS =
            new RescaleDefaults(
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.of("aligned"),
                    Optional.of("minimal"));

    @Test
    void completesARequestWithTheDefaults() {
        assertThat(resolver(SOURCE, COUNTER).resolve(request(null, 4)))
                .isEqualTo(
                        new Resolution.Resolved(
                                List.of(
                                        new ParallelismChange(
                                                COUNTER.id(), COUNTER.name(), 2, 4)),
                                "aligned",
                                Map.of(),
                                "minimal",
                                RescaleMode.LIVE,
                                ""));
    }

    @Test
    void whatTheRequestSaysWinsOverTheDefaults() {
        RescaleDefaults defaults =
                new RescaleDefaults(
                        Optional.of("Window"),
                        OptionalInt.of(7),
                        Optional.of("aligned"),
                        Optional.of("minimal"));
        RescaleRequest request =
                RescaleRequest.of("Counter", 4, "pause", "contiguous", false, false);
        Resolution.Resolved resolved =
                resolved(resolver(defaults, COUNTER, WINDOW).resolve(request));
        assertThat(resolved.first().vertexId()).isEqualTo(COUNTER.id());
        assertThat(resolved.first().to()).isEqualTo(4);
        assertThat(resolved.strategy()).isEqualTo("pause");
        assertThat(resolved.placement()).isEqualTo("contiguous");
    }

    @Test
    void takesVertexAndParallelismFromTheDefaults() {
        RescaleDefaults defaults =
                new RescaleDefaults(
                        Optional.of("Window"),
                        OptionalInt.of(7),
                        Optional.of("aligned"),
                        Optional.of("minimal"));
        Resolution.Resolved resolved =
                resolved(resolver(defaults, COUNTER, WINDOW).resolve(RescaleRequest.empty()));
        assertThat(resolved.first().vertexId()).isEqualTo(WINDOW.id());
        assertThat(resolved.first().to()).isEqualTo(7);
    }

    @Test
    void findsAVertexByIdNameOperatorOrPart() {
        for (String name :
                List.of(
                        COUNTER.id(),
                        COUNTER.id().toUpperCase(),
                        COUNTER.name(),
                        "Counter",
                        "Appender",
                        "Sink: out",
                        "Append")) {
            Resolution resolution =
                    resolver(SOURCE, COUNTER, WINDOW).resolve(request(name, 4));
            assertThat(resolved(resolution).first().vertexId()).as(name).isEqualTo(COUNTER.id());
        }
    }

    @Test
    void aWholeOperatorNameWinsOverAPartOfAnother() {
        VertexView counterOfCounts =
                new VertexView("0d", "Counter of counts", 2, 128, List.of());
        Resolution resolution =
                resolver(counterOfCounts, COUNTER).resolve(request("Counter", 4));
        assertThat(resolved(resolution).first().vertexId()).isEqualTo(COUNTER.id());
    }

    @Test
    void anUnknownVertexListsTheVertices() {
        assertRefused(
                resolver(SOURCE, COUNTER).resolve(request("Conter", 4)),
                RefusalKind.NOT_FOUND,
                "no vertex \"Conter\"",
                "\"Source: words\" (00000000000000000000000000000001, parallelism 2, only by"
                        + " restart)",
                "\"Counter -> (Appender, Sink: out)\" (0000000000000000000000000000000a,");
    }

    @Test
    void anAmbiguousNameListsWhatItFits() {
        VertexView other = new VertexView("0f", "Counter", 2, 128, List.of());
        VertexView same = new VertexView("10", "Counter", 4, 128, List.of());
        assertRefused(
                resolver(other, same).resolve(request("Counter", 3)),
                RefusalKind.BAD_REQUEST,
                "fits 2 vertices",
                "(0f, parallelism 2)",
                "(10, parallelism 4)");
    }

    @Test
    void severalCandidatesAreListed() {
        assertRefused(
                resolver(SOURCE, COUNTER, WINDOW).resolve(request(null, 4)),
                RefusalKind.BAD_REQUEST,
                "2 vertices that can be rescaled",
                "-v",
                COUNTER.id(),
                WINDOW.id());
    }

    @Test
    void noCandidateNamesEveryObstacle() {
        assertRefused(
                resolver(SOURCE, BROKEN).resolve(request(null, 4)),
                RefusalKind.CONFLICT,
                "\"Source: words\" is a source",
                "\"Join\" has operator state, and it feeds a pointwise edge",
                "--allow-restart");
    }

    @Test
    void aRestartNeedsAVertexToo() {
        assertRefused(
                resolver(SOURCE, BROKEN)
                        .resolve(RescaleRequest.of(null, 4, null, null, false, true)),
                RefusalKind.BAD_REQUEST,
                "-v",
                SOURCE.id(),
                BROKEN.id());
    }

    @Test
    void noParallelismAnywhereIsAnError() {
        assertRefused(
                resolver(COUNTER).resolve(request("Counter", null)),
                RefusalKind.BAD_REQUEST,
                "No parallelism",
                "runs with 2",
                "-p",
                "rescale.parallelism");
    }

    @Test
    void parallelismMustBeWithinTheKeyGroups() {
        for (int outside : new int[] {-1, 0, 129}) {
            assertRefused(
                    resolver(COUNTER).resolve(request("Counter", outside)),
                    RefusalKind.BAD_REQUEST,
                    "Parallelism " + outside + " is out of range",
                    "1 to 128");
        }
        for (int inside : new int[] {1, 128}) {
            assertThat(resolved(resolver(COUNTER).resolve(request("Counter", inside))).first().to())
                    .isEqualTo(inside);
        }
    }

    @Test
    void theSameParallelismIsNothingToDo() {
        assertRefused(
                resolver(COUNTER).resolve(request("Counter", 2)),
                RefusalKind.CONFLICT,
                "already runs with parallelism 2",
                "nothing to do");
    }

    @Test
    void unknownStrategiesAndPlacementsNameTheKnownOnes() {
        assertRefused(
                resolver(COUNTER)
                        .resolve(RescaleRequest.of("Counter", 4, "meces", null, false, false)),
                RefusalKind.BAD_REQUEST,
                "no strategy \"meces\"",
                "aligned, pause, restart");
        assertRefused(
                resolver(COUNTER)
                        .resolve(RescaleRequest.of("Counter", 4, null, "best", false, false)),
                RefusalKind.BAD_REQUEST,
                "no placement \"best\"",
                "contiguous, minimal");
    }

    @Test
    void optionsOfTheStrategyGoWithIt() {
        RescaleRequest request =
                RescaleRequest.of("Counter", 4, null, null, false, false)
                        .withOptions(Map.of("units", "8"));
        assertThat(resolved(resolver(COUNTER).resolve(request)).options())
                .isEqualTo(Map.of("units", "8"));
        assertRefused(
                resolver(COUNTER).resolve(request.withOptions(Map.of("bad", "8"))),
                RefusalKind.BAD_REQUEST,
                "Strategy aligned has no option bad");
    }

    @Test
    void aRequestMayDefineAStrategy() {
        RescaleRequest request =
                RescaleRequest.of("Counter", 4, "night", null, false, false)
                        .withOptions(Map.of("scheduler", "batch"));
        assertThat(resolved(resolver(COUNTER).resolve(request)).strategy()).isEqualTo("night");
    }

    @Test
    void aRestartHasNoOptions() {
        assertRefused(
                resolver(COUNTER)
                        .resolve(
                                RescaleRequest.of("Counter", 4, "restart", null, false, true)
                                        .withOptions(Map.of("units", "8"))),
                RefusalKind.BAD_REQUEST,
                "has no options",
                "units");
    }

    @Test
    void withoutADefaultTheStrategyMustBeGiven() {
        assertRefused(
                resolver(RescaleDefaults.NONE, COUNTER).resolve(request("Counter", 4)),
                RefusalKind.BAD_REQUEST,
                "No strategy was given",
                "-s");
    }

    @Test
    void strategiesMayBeWrittenInAnyCase() {
        RescaleRequest request = RescaleRequest.of("Counter", 4, " Aligned", null, false, false);
        assertThat(resolved(resolver(COUNTER).resolve(request)).strategy()).isEqualTo("aligned");
    }

    @Test
    void anObstacleIsNamedUnlessARestartIsAllowed() {
        assertRefused(
                resolver(SOURCE, COUNTER).resolve(request("Source: words", 4)),
                RefusalKind.CONFLICT,
                "\"Source: words\" cannot be rescaled while it runs: it is a source",
                "--allow-restart");
        Resolution.Resolved allowed =
                resolved(
                        resolver(SOURCE, COUNTER)
                                .resolve(
                                        RescaleRequest.of(
                                                "Source: words", 4, null, null, false, true)));
        assertThat(allowed.mode()).isEqualTo(RescaleMode.RESTART);
        assertThat(allowed.reason()).isEqualTo("Vertex \"Source: words\" is a source.");
    }

    @Test
    void permissionToRestartDoesNotRestartWhatCanStay() {
        RescaleRequest request = RescaleRequest.of("Counter", 4, null, null, false, true);
        assertThat(resolved(resolver(COUNTER).resolve(request)).mode())
                .isEqualTo(RescaleMode.LIVE);
    }

    @Test
    void theStrategyRestartIsItsOwnPermission() {
        for (VertexView vertex : List.of(COUNTER, BROKEN)) {
            RescaleRequest request =
                    RescaleRequest.of(vertex.id(), 4, "restart", null, false, false);
            assertThat(resolved(resolver(vertex).resolve(request)).mode())
                    .isEqualTo(RescaleMode.RESTART);
        }
    }

    @Test
    void aDryRunReportsTheObstacleInsteadOfBeingRefused() {
        RescaleRequest request = RescaleRequest.of("Join", 4, null, null, true, false);
        Resolution.Resolved resolved = resolved(resolver(SOURCE, BROKEN).resolve(request));
        assertThat(resolved.mode()).isEqualTo(RescaleMode.RESTART);
        assertThat(resolved.reason())
                .isEqualTo("Vertex \"Join\" has operator state, and it feeds a pointwise edge.");
    }

    @Test
    void aMemberOfAGroupStandsForAllOfThem() {
        VertexView head = new VertexView("0a", "Head", 2, 128, List.of(), List.of("0b"));
        VertexView follower = new VertexView("0b", "Follower", 2, 64, List.of(), List.of("0a"));
        assertThat(resolved(resolver(SOURCE, head, follower).resolve(request("0b", 4))).changes())
                .containsExactly(
                        new ParallelismChange("0b", "Follower", 2, 4),
                        new ParallelismChange("0a", "Head", 2, 4));
        assertThat(resolved(resolver(SOURCE, head, follower).resolve(request(null, 3))).together())
                .containsExactly("Follower");
        assertRefused(
                resolver(head, follower).resolve(request("0a", 65)),
                RefusalKind.BAD_REQUEST,
                "out of range",
                "\"Follower\" can have 1 to 64");
    }

    private static RescaleRequest request(String vertex, Integer parallelism) {
        return RescaleRequest.of(vertex, parallelism, null, null, false, false);
    }

    private static RequestResolver resolver(VertexView... vertices) {
        return resolver(DEFAULTS, vertices);
    }

    private static RequestResolver resolver(RescaleDefaults defaults, VertexView... vertices) {
        return new RequestResolver(
                defaults,
                List.of(vertices),
                List.of("aligned", "pause"),
                List.of("minimal", "contiguous"),
                (strategy, options) ->
                        options.containsKey("bad")
                                ? Optional.of("Strategy " + strategy + " has no option bad.")
                                : Optional.empty());
    }

    private static Resolution.Resolved resolved(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
        return (Resolution.Resolved) resolution;
    }

    private static void assertRefused(Resolution resolution, RefusalKind kind, String... parts) {
        assertThat(resolution).isInstanceOf(Resolution.Rejected.class);
        RescaleAnswer.Refused refusal = ((Resolution.Rejected) resolution).refusal();
        assertThat(refusal.sentence()).contains(parts).endsWith(".");
        assertThat(refusal.kind()).isEqualTo(kind);
    }
}
