package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.strategy.StrategyCatalog;
import dev.tern.tests.Combination.CheckpointMode;
import dev.tern.tests.SoakPlan.Job;
import dev.tern.tests.SoakPlan.Rescale;

import org.junit.jupiter.api.Test;

import java.util.List;

class SoakPlanTest {

    private static final int RESCALES = 250;

    @Test
    void aSeedMeansTheSameAgain() {
        assertThat(SoakPlan.draw(17, RESCALES)).isEqualTo(SoakPlan.draw(17, RESCALES));
        assertThat(SoakPlan.draw(17, RESCALES).toString())
                .isEqualTo(SoakPlan.draw(17, RESCALES).toString());
        assertThat(SoakPlan.draw(18, RESCALES)).isNotEqualTo(SoakPlan.draw(17, RESCALES));
    }

    @Test
    void aPlanMixesAllThereIs() {
        List<Job> jobs = SoakPlan.draw(17, RESCALES).jobs();
        List<Rescale> rescales = jobs.stream().flatMap(job -> job.rescales().stream()).toList();
        StrategyCatalog catalog = StrategyCatalog.load(getClass().getClassLoader(), 1);
        assertThat(rescales).hasSize(RESCALES);
        assertThat(jobs).extracting(Job::backend).contains(Backend.values());
        assertThat(jobs).extracting(Job::checkpoints).contains(CheckpointMode.values());
        assertThat(rescales)
                .extracting(Rescale::strategy)
                .containsAll(catalog.strategyNames())
                .hasSizeGreaterThan(1);
        assertThat(rescales).extracting(Rescale::placement).containsAll(catalog.placementNames());
        assertThat(rescales)
                .extracting(rescale -> rescale.mishap().kind())
                .contains(Mishap.Kind.values());
    }

    @Test
    void everyRescaleWantsAnotherParallelism() {
        for (Job job : SoakPlan.draw(17, RESCALES).jobs()) {
            int from = 2;
            for (Rescale rescale : job.rescales()) {
                assertThat(rescale.to())
                        .isBetween(1, SoakPlan.MAX_PARALLELISM)
                        .isNotEqualTo(from);
                from = rescale.to();
            }
        }
    }
}
