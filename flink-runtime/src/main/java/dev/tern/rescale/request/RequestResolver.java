package dev.tern.rescale.request;

import static dev.tern.rescale.request.RefusalKind.BAD_REQUEST;
import static dev.tern.rescale.request.RefusalKind.CONFLICT;
import static dev.tern.rescale.request.RefusalKind.NOT_FOUND;

import dev.tern.rescale.request.RescaleAnswer.Refused;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Turns a request into a complete one, or says in a sentence why that is not possible. Pure.
 *
 * <p>{@link #RESTART} is always a known strategy, and who asks for it by name has allowed the
 * restart.
 */
public final class RequestResolver {

    /** The strategy that restarts the job from its last checkpoint, as stock Flink does. */
    public static final String RESTART = "restart";

    private final RescaleDefaults defaults;
    private final List<VertexView> vertices;
    private final Collection<String> strategies;
    private final Collection<String> placements;
    private final BiFunction<String, Map<String, String>, Optional<String>> objection;

    /**
     * Creates a resolver for one job.
     *
     * @param defaults what stands in for what a request leaves out
     * @param vertices all vertices of the job
     * @param strategies the strategies that can be named
     * @param placements the placements that can be named
     * @param objection why a strategy cannot be taken with some options, as a sentence
     */
    public RequestResolver(
            RescaleDefaults defaults,
            List<VertexView> vertices,
            Collection<String> strategies,
            Collection<String> placements,
            BiFunction<String, Map<String, String>, Optional<String>> objection) {
        this.defaults = defaults;
        this.vertices = List.copyOf(vertices);
        this.strategies = new TreeSet<>(strategies);
        this.strategies.add(RESTART);
        this.placements = new TreeSet<>(placements);
        this.objection = objection;
    }

    /** Completes and checks a request. */
    public Resolution resolve(RescaleRequest original) {
        RescaleRequest request = original.withDefaults(defaults);
        try {
            return resolved(request);
        } catch (RefusedException e) {
            return new Resolution.Rejected(e.refusal);
        }
    }

    private Resolution.Resolved resolved(RescaleRequest request) throws RefusedException {
        String strategy = strategy(request);
        String placement = known("placement", "--placement", request.placement(), placements);
        // A dry run restarts nothing, and names the obstacle in its report.
        boolean mayRestart =
                request.allowRestart() || request.dryRun() || strategy.equals(RESTART);
        VertexView vertex =
                request.vertex().isPresent()
                        ? named(request.vertex().get())
                        : onlyCandidate(mayRestart);
        int to = parallelism(request, vertex);
        if (vertex.isLive() && !strategy.equals(RESTART)) {
            return target(vertex, to, request, strategy, placement, RescaleMode.LIVE, "");
        }
        if (!mayRestart) {
            throw refuse(
                    CONFLICT,
                    "Vertex %s cannot be rescaled while it runs: it %s. Add --allow-restart "
                            + "(\"allowRestart\": true) to restart the job from its last "
                            + "checkpoint instead.",
                    quoted(vertex),
                    clauses(vertex));
        }
        String reason =
                vertex.isLive()
                        ? "Strategy restart was asked for."
                        : String.format("Vertex %s %s.", quoted(vertex), clauses(vertex));
        return target(vertex, to, request, strategy, placement, RescaleMode.RESTART, reason);
    }

    /** A request that gives options may define a strategy of its own. */
    private String strategy(RescaleRequest request) throws RefusedException {
        String strategy =
                request.options().isEmpty() || request.strategy().isEmpty()
                        ? known("strategy", "-s", request.strategy(), strategies)
                        : normal(request.strategy().get());
        if (!strategy.equals(RESTART)) {
            Optional<String> why = objection.apply(strategy, request.options());
            if (why.isPresent()) {
                throw refuse(BAD_REQUEST, "%s", why.get());
            }
        } else if (!request.options().isEmpty()) {
            throw refuse(
                    BAD_REQUEST,
                    "Strategy restart moves nothing and has no options. Leave out: %s.",
                    String.join(", ", request.options().keySet()));
        }
        return strategy;
    }

    private static String normal(String name) {
        return name.trim().toLowerCase(Locale.ROOT);
    }

    /** A vertex and those that can only be rescaled with it; itself first. */
    private List<VertexView> group(VertexView vertex) {
        List<VertexView> group = new ArrayList<>(List.of(vertex));
        group.addAll(named(v -> vertex.together().contains(v.id())));
        return group;
    }

    private Resolution.Resolved target(
            VertexView vertex,
            int to,
            RescaleRequest request,
            String strategy,
            String placement,
            RescaleMode mode,
            String reason) {
        return new Resolution.Resolved(
                group(vertex).stream()
                        .filter(v -> v.parallelism() != to)
                        .map(v -> new ParallelismChange(v.id(), v.name(), v.parallelism(), to))
                        .toList(),
                strategy,
                request.options(),
                placement,
                mode,
                reason);
    }

    private static String known(
            String what, String option, Optional<String> wanted, Collection<String> known)
            throws RefusedException {
        if (wanted.isEmpty()) {
            throw refuse(
                    BAD_REQUEST,
                    "No %s was given and rescale.%s has no value. Give one with %s, one of: %s.",
                    what,
                    what,
                    option,
                    String.join(", ", known));
        }
        String name = normal(wanted.get());
        if (!known.contains(name)) {
            throw refuse(
                    BAD_REQUEST,
                    "There is no %s \"%s\". Known are: %s.",
                    what,
                    wanted.get(),
                    String.join(", ", known));
        }
        return name;
    }

    private VertexView named(String idOrName) throws RefusedException {
        List<VertexView> byId = named(v -> v.id().equalsIgnoreCase(idOrName));
        if (!byId.isEmpty()) {
            return byId.get(0);
        }
        // Nobody types "Splitter -> Counter -> Sink: out": one operator or a part of it will do.
        List<VertexView> byName = named(v -> v.name().equals(idOrName));
        if (byName.isEmpty()) {
            byName = named(v -> contains(v.name(), idOrName));
        }
        if (byName.isEmpty()) {
            byName = named(v -> v.name().contains(idOrName));
        }
        if (byName.isEmpty()) {
            throw refuse(
                    NOT_FOUND,
                    "The job has no vertex \"%s\". Its vertices are: %s.",
                    idOrName,
                    list(vertices));
        }
        if (byName.size() > 1) {
            throw refuse(
                    BAD_REQUEST,
                    "\"%s\" fits %d vertices. Give the id of one: %s.",
                    idOrName,
                    byName.size(),
                    list(byName));
        }
        return byName.get(0);
    }

    private List<VertexView> named(Predicate<VertexView> wanted) {
        return vertices.stream().filter(wanted).toList();
    }

    private VertexView onlyCandidate(boolean mayRestart) throws RefusedException {
        List<VertexView> live = vertices.stream().filter(VertexView::isLive).toList();
        if (!live.isEmpty() && group(live.get(0)).containsAll(live)) {
            return live.get(0);
        }
        if (live.size() > 1) {
            throw refuse(
                    BAD_REQUEST,
                    "The job has %d vertices that can be rescaled. Choose one with -v: %s.",
                    live.size(),
                    list(live));
        }
        if (mayRestart) {
            throw refuse(
                    BAD_REQUEST,
                    "No vertex of the job can be rescaled while it runs. Choose the one to "
                            + "restart at another parallelism with -v: %s.",
                    list(vertices));
        }
        throw refuse(
                CONFLICT,
                "No vertex of the job can be rescaled while it runs: %s. Choose one with -v and "
                        + "add --allow-restart to restart the job instead.",
                vertices.stream()
                        .map(v -> String.format("%s %s", quoted(v), clauses(v)))
                        .collect(Collectors.joining("; ")));
    }

    private int parallelism(RescaleRequest request, VertexView vertex) throws RefusedException {
        if (request.parallelism().isEmpty()) {
            throw refuse(
                    BAD_REQUEST,
                    "No parallelism was given for vertex %s, which runs with %d. Give one with "
                            + "-p, or set rescale.parallelism in conf/scale-conf.properties.",
                    quoted(vertex),
                    vertex.parallelism());
        }
        int to = request.parallelism().getAsInt();
        for (VertexView member : group(vertex)) {
            if (to < 1 || to > member.maxParallelism()) {
                throw refuse(
                        BAD_REQUEST,
                        "Parallelism %d is out of range: vertex %s can have 1 to %d subtasks (its "
                                + "maximum parallelism, which is fixed when a job starts).",
                        to,
                        quoted(member),
                        member.maxParallelism());
            }
        }
        if (to == vertex.parallelism()) {
            throw refuse(
                    CONFLICT,
                    "Vertex %s already runs with parallelism %d. There is nothing to do.",
                    quoted(vertex),
                    to);
        }
        return to;
    }

    private static boolean contains(String chain, String operator) {
        for (String part : chain.split("->|, ")) {
            String name = part.trim();
            // Outputs that fork are written as "A -> (B, C)".
            if (name.equals(operator) || name.replaceAll("^\\(|\\)$", "").equals(operator)) {
                return true;
            }
        }
        return false;
    }

    private static String clauses(VertexView vertex) {
        return String.join(", and it ", vertex.obstacles());
    }

    private static String quoted(VertexView vertex) {
        return '"' + vertex.name() + '"';
    }

    private static String list(List<VertexView> vertices) {
        return vertices.stream()
                .map(
                        v ->
                                String.format(
                                        "%s (%s, parallelism %d%s)",
                                        quoted(v),
                                        v.id(),
                                        v.parallelism(),
                                        v.isLive() ? "" : ", only by restart"))
                .collect(Collectors.joining(", "));
    }

    private static RefusedException refuse(RefusalKind kind, String format, Object... arguments) {
        return new RefusedException(Refused.of(kind, format, arguments));
    }

    private static final class RefusedException extends Exception {
        private final Refused refusal;

        RefusedException(Refused refusal) {
            super(refusal.sentence(), null, false, false);
            this.refusal = refusal;
        }
    }
}
