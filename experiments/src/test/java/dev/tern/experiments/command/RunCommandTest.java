package dev.tern.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

class RunCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--tern-dist", "a", "--stock-dist", "b"));
        all.addAll(List.of(arguments));
        return new CommandLine(new RunCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(errors, true))
                .execute(all.toArray(new String[0]));
    }

    @Test
    void dryRunListsTheRunsAndStartsNothing() {
        assertThat(run("--dry-run", "--pairs", "2", "--seed", "5")).isZero();

        assertThat(out.toString().lines().filter(line -> line.startsWith("run-"))).hasSize(4);
        assertThat(out.toString()).contains("4 runs, about");
    }

    @Test
    void unknownOptionsAreRefused() {
        assertThat(run("--dry-run", "--paris", "2")).isEqualTo(2);

        assertThat(errors.toString()).contains("--paris");
    }

    @Test
    void wrongValuesAreRefusedWithTheirOption() {
        assertThat(run("--dry-run", "--from", "2", "--to", "2")).isEqualTo(2);
        assertThat(errors.toString()).contains("--to");
        assertThat(run("--dry-run", "--engine", "storm")).isEqualTo(2);
        assertThat(errors.toString()).contains("'storm'");
        assertThat(run("--dry-run", "--backend", "forst")).isEqualTo(2);
        assertThat(errors.toString()).contains("--backend");
        assertThat(run("--dry-run", "--engine", "stock-ingest")).isEqualTo(2);
        assertThat(errors.toString()).contains("--backend rocksdb with it");
    }

    @Test
    void scaleInOnRocksDbAgainstBothWaysOfStock() {
        assertThat(
                        run(
                                "--dry-run", "--pairs", "1", "--from", "3", "--to", "2",
                                "--backend", "rocksdb", "--engine", "tern,stock,stock-ingest"))
                .isZero();
        assertThat(out.toString())
                .contains("tern-stepwise", "pair-00-stock-ingest", "3 runs, about");
    }

    @Test
    void smokeShortensWhatWasNotGiven() {
        assertThat(run("--dry-run", "--smoke", "--engine", "stock")).isZero();

        assertThat(out.toString().lines().filter(line -> line.startsWith("run-"))).hasSize(1);
        assertThat(out.toString()).contains("1 runs, about 2 minutes");
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString())
                .contains("--workload", "--engine", "--backend", "--state", "--from", "--to")
                .contains("--pairs", "--out", "--rate", "--strategy", "--placement", "--seed")
                .contains("--warmup", "--base", "--horizon", "--smoke", "--dry-run");
    }
}
