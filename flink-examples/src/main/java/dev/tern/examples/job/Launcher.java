package dev.tern.examples.job;

import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.parameters.ParameterException;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.verify.Verification;

/** The main method of the example jobs: helps, verifies or executes. */
public final class Launcher {

    private Launcher() {}

    /** Does what the arguments ask for. */
    public static void launch(ExampleJob job, String[] args) throws Exception {
        Parameters.Declaration declaration = job.declare();
        if (declaration.asksForHelp(args)) {
            System.out.print(declaration.help());
            return;
        }
        try {
            Parameters parameters = declaration.parse(args);
            if (parameters.flag("verify")) {
                verify(job, parameters);
                return;
            }
            StreamExecutionEnvironment environment = build(job, parameters, new Configuration());
            environment.execute(job.name());
        } catch (ParameterException e) {
            // The client prints this one without a stack trace.
            throw new ProgramParametrizationException(e.getMessage());
        }
    }

    /** The job, to be submitted or run with a configuration beyond the cluster's. */
    public static StreamExecutionEnvironment build(
            ExampleJob job, Parameters parameters, Configuration configuration) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        if (parameters.whole("checkpointInterval") > 0) {
            environment.enableCheckpointing(parameters.whole("checkpointInterval"));
        }
        environment.setBufferTimeout(parameters.whole("bufferTimeout"));
        job.build(environment, parameters);
        return environment;
    }

    private static void verify(ExampleJob job, Parameters parameters) throws Exception {
        if (!parameters.isGiven("output")) {
            throw Parameters.refused("To verify needs --output, the directory of the results.");
        }
        Verification verification = job.verify(parameters);
        if (!verification.agrees()) {
            throw new ProgramParametrizationException(verification.text());
        }
        System.out.println(verification.text());
    }
}
