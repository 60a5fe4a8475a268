package dev.tern.tests;

import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.strategy.StrategyCatalog;
import dev.tern.tests.Combination.CheckpointMode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a soak does: jobs, their rescales and what goes wrong meanwhile. All of it is drawn from one
 * seed before anything happens, so that a seed means the same on every machine.
 */
record SoakPlan(List<Job> jobs) {

    /** One job, which meets all its rescales one after the other. */
    record Job(Backend backend, CheckpointMode checkpoints, List<Rescale> rescales) {}

    /** One rescale of COUNT, and what goes wrong meanwhile. */
    record Rescale(int to, String strategy, String placement, Mishap mishap) {

        RescaleRequest request() {
            return RescaleRequest.of(CountingJob.COUNT, to, strategy, placement, false, false);
        }

        @Override
        public String toString() {
            return "to " + to + ", " + strategy + ", " + placement + ", " + mishap;
        }
    }

    static final int MAX_PARALLELISM = 6;

    private static final int RESCALES_OF_A_JOB = 20;
    private static final int PARALLELISM_AT_FIRST = 2;
    private static final long ANY_STEP_BYTES = 1;

    static SoakPlan draw(long seed, int rescales) {
        Random random = new Random(seed);
        // In turn, so that none is left out.
        List<Backend> backends = new ArrayList<>(Arrays.asList(Backend.values()));
        Collections.shuffle(backends, random);
        List<Job> jobs = new ArrayList<>();
        for (int left = rescales; left > 0; left -= RESCALES_OF_A_JOB) {
            jobs.add(
                    new Job(
                            backends.get(jobs.size() % backends.size()),
                            any(Arrays.asList(CheckpointMode.values()), random),
                            rescales(Math.min(left, RESCALES_OF_A_JOB), random)));
        }
        return new SoakPlan(jobs);
    }

    private static List<Rescale> rescales(int count, Random random) {
        StrategyCatalog catalog =
                StrategyCatalog.load(SoakPlan.class.getClassLoader(), ANY_STEP_BYTES);
        List<String> strategies = List.copyOf(catalog.strategyNames());
        List<String> placements = List.copyOf(catalog.placementNames());
        List<Rescale> rescales = new ArrayList<>();
        int from = PARALLELISM_AT_FIRST;
        for (int i = 0; i < count; i++) {
            // Another one than last time; where that was undone it may be the present one.
            int to = 1 + (from + random.nextInt(MAX_PARALLELISM - 1)) % MAX_PARALLELISM;
            rescales.add(
                    new Rescale(
                            to,
                            any(strategies, random),
                            any(placements, random),
                            Mishap.draw(Math.max(from, to), random)));
            from = to;
        }
        return rescales;
    }

    static <T> T any(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    /** One line for each job and for each rescale. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < jobs.size(); i++) {
            Job job = jobs.get(i);
            lines.append("job ").append(i).append(": ").append(job.backend());
            lines.append(", checkpoints ").append(job.checkpoints()).append('\n');
            job.rescales().forEach(rescale -> lines.append("  ").append(rescale).append('\n'));
        }
        return lines.toString();
    }
}
