package dev.tern.experiments.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Submits a job through {@code flink run -d}, as a user does. */
public final class JobSubmission {

    private static final Pattern SUBMITTED =
            Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");
    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    private JobSubmission() {}

    /**
     * Submits {@code jar} and returns the id of the job.
     *
     * @param options of {@code flink run}, such as {@code -c} or {@code -D}
     * @param jar the job's jar
     * @param arguments of the job's main method
     */
    public static String submit(
            LocalCluster cluster, List<String> options, Path jar, List<String> arguments)
            throws IOException, InterruptedException, TimeoutException {
        List<String> command = new ArrayList<>(List.of("run", "-d"));
        command.addAll(options);
        command.add(jar.toAbsolutePath().toString());
        command.addAll(arguments);
        return jobId(cluster.flink(command, TIMEOUT, line -> {}).orThrow().output());
    }

    /**
     * Finds the id in what {@code flink run} printed.
     *
     * @throws IOException when it is not there
     */
    static String jobId(String output) throws IOException {
        Matcher matcher = SUBMITTED.matcher(output);
        if (!matcher.find()) {
            throw new IOException(
                    "flink run printed no 'Job has been submitted with JobID <32 hex digits>':\n"
                            + output);
        }
        return matcher.group(1);
    }
}
