package dev.tern.client.check;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.jobgraph.JobType;
import org.apache.flink.util.TemporaryClassLoaderContext;

import java.net.URL;
import java.util.List;

/** Says what could be rescaled live in the job of a program, without submitting it. Stateless. */
public final class JarCheck {

    private JarCheck() {}

    /**
     * Runs a program up to its first {@code execute()} and looks at its job.
     *
     * @param configuration of the client: what it does not say of the cluster is taken to be the
     *     default
     * @throws JarCheckException with a sentence that says why there is nothing to look at
     */
    public static JarReport of(JarCheckArguments arguments, Configuration configuration)
            throws JarCheckException {
        Configuration effective = new Configuration(configuration);
        if (arguments.parallelism() > 0) {
            effective.set(CoreOptions.DEFAULT_PARALLELISM, arguments.parallelism());
        }
        urls(effective, PipelineOptions.CLASSPATHS, arguments.classPaths());
        try (JobProgram program = JobProgram.open(arguments, effective)) {
            urls(effective, PipelineOptions.JARS, program.packaged().getJobJarAndDependencies());
            PlannedJob job = program.plan(effective, arguments.parallelism());
            if (job.graph().getJobType() == JobType.BATCH) {
                throw new JarCheckException(
                        String.format(
                                "The job of %s runs as a batch (%s), and only streaming jobs can be"
                                        + " rescaled.",
                                program.name(), ExecutionOptions.RUNTIME_MODE.key()),
                        null);
            }
            try (TemporaryClassLoaderContext ignored =
                    TemporaryClassLoaderContext.of(program.userCode())) {
                return new GraphCheck(job, effective, program.userCode()).report();
            }
        } catch (JarCheckException e) {
            throw e;
        } catch (Exception e) {
            throw new JarCheckException(
                    String.format(
                            "The job of %s cannot be checked: %s. The log of the client says more.",
                            arguments.jar().getFileName(), e),
                    e);
        }
    }

    private static void urls(
            Configuration configuration,
            ConfigOption<List<String>> option,
            List<URL> urls) {
        ConfigUtils.encodeCollectionToConfig(configuration, option, urls, URL::toString);
    }
}
