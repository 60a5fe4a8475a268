package dev.tern.tests;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.FileUtils;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A cluster that the tests of a class share, one job after the other.
 * Jobs name the vertex to rescale {@link #KEYED}.
 */
final class SharedCluster implements BeforeAllCallback, AfterAllCallback {

    static final String KEYED = "KEYED";

    private Path directory;
    private Configuration configuration;
    private RescalableCluster cluster;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        directory = Files.createTempDirectory("tern-shared-cluster-");
        configuration = RescalableCluster.configuration(directory);
        cluster = new RescalableCluster(configuration, 4);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        try {
            cluster.close();
        } finally {
            FileUtils.deleteDirectory(directory.toFile());
        }
    }

    Configuration configuration() {
        return configuration;
    }

    RescalableCluster cluster() {
        return cluster;
    }

    /** Starts a job and waits until so many records have been seen. */
    void begin(StreamExecutionEnvironment env, String run, long records) throws Exception {
        cluster.submit(env.getStreamGraph().getJobGraph());
        cluster.awaitRunning();
        RescalableCluster.waitUntil(
                records + " records", () -> Observations.of(run).records() > records);
    }

    /** Lets the job come to its end. */
    void finish(String run) throws Exception {
        Pace.hurry(run);
        cluster.awaitResult();
    }

    /**
     * Runs a job from start to end; rescales it live, one time after the other, when so many records
     * have been seen, and sees as many again afterwards.
     */
    void rescaleInTheMiddle(
            StreamExecutionEnvironment env,
            String run,
            SingleOutputStreamOperator<Long> keyed,
            long records,
            int... parallelisms)
            throws Exception {
        keyed.name(KEYED).rebalance().sinkTo(new DiscardingSink<>());
        begin(env, run, records);
        Live.rescale(cluster, KEYED, parallelisms);
        long before = Observations.of(run).records();
        RescalableCluster.waitUntil(
                records + " more records",
                () -> Observations.of(run).records() > before + records);
        finish(run);
    }
}
