package dev.tern.examples.job;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.verify.Verification;

import java.io.IOException;

/** An example job: its parameters, its pipeline, and an independent computation of its output. */
public interface ExampleJob {

    /** The parameters, {@link CommonParameters} included. */
    Parameters.Declaration declare();

    /** Adds the pipeline to an environment. */
    void build(StreamExecutionEnvironment environment, Parameters parameters);

    /** Compares the files of a finished run with what they must hold; runs without Flink. */
    Verification verify(Parameters parameters) throws IOException;

    /** What the job is called where it runs. */
    String name();
}
