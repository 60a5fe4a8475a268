package dev.tern.client.check;

import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.ProgramAbortException;
import org.apache.flink.client.program.ProgramInvocationException;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.datastream.impl.ExecutionContextEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.TemporaryClassLoaderContext;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * A program in a jar that is run on the client up to its first {@code execute()}, as by {@code flink
 * info}. What it prints goes to the standard error: the standard output is for the answer.
 */
final class JobProgram implements AutoCloseable {

    private final String name;
    private final PackagedProgram program;

    private JobProgram(String name, PackagedProgram program) {
        this.name = name;
        this.program = program;
    }

    /**
     * Opens a jar.
     *
     * @throws JarCheckException with a sentence that says what is wrong with it
     */
    static JobProgram open(JarCheckArguments arguments, Configuration configuration)
            throws JarCheckException {
        File jar = arguments.jar().toFile();
        String name = jar.getName();
        try (JarFile opened = new JarFile(jar)) {
            opened.getManifest();
        } catch (IOException e) {
            throw new JarCheckException(
                    String.format("%s is not a jar file: %s.", name, sentence(e)), e);
        }
        try {
            return new JobProgram(
                    name,
                    PackagedProgram.newBuilder()
                            .setJarFile(jar)
                            .setEntryPointClassName(arguments.entryClass())
                            .setUserClassPaths(arguments.classPaths())
                            .setConfiguration(configuration)
                            .setArguments(arguments.programArguments().toArray(String[]::new))
                            .build());
        } catch (ProgramInvocationException e) {
            throw new JarCheckException(
                    String.format(
                            "%s cannot be run: %s. -c names the class with the main method.",
                            name, sentence(e)),
                    e);
        }
    }

    String name() {
        return name;
    }

    ClassLoader userCode() {
        return program.getUserCodeClassLoader();
    }

    PackagedProgram packaged() {
        return program;
    }

    /**
     * Runs the program up to its first {@code execute()}.
     *
     * @param parallelism where the program sets none; not positive for that of the configuration
     * @throws JarCheckException with a sentence that says why there is no job
     */
    PlannedJob plan(Configuration configuration, int parallelism) throws JarCheckException {
        RecordingEnvironment environment =
                new RecordingEnvironment(configuration, userCode(), parallelism);
        PrintStream standardOutput = System.out;
        System.setOut(System.err);
        environment.setAsContext();
        ExecutionContextEnvironment.setAsContext(
                new RecordingExecutors(environment), configuration, userCode());
        Throwable end = null;
        try (TemporaryClassLoaderContext ignored = TemporaryClassLoaderContext.of(userCode())) {
            program.invokeInteractiveModeForExecution();
        } catch (ProgramAbortException expected) {
            // Thrown by the environment, at the first execute().
        } catch (Throwable t) {
            ExceptionUtils.rethrowIfFatalError(t);
            end = t;
        } finally {
            environment.unsetAsContext();
            ExecutionContextEnvironment.unsetAsContext();
            System.setOut(standardOutput);
        }
        // A program may have caught and wrapped what ended it.
        Optional<StreamGraph> job = environment.job();
        if (job.isEmpty()) {
            throw noJob(end);
        }
        try (TemporaryClassLoaderContext ignored = TemporaryClassLoaderContext.of(userCode())) {
            return PlannedJob.of(environment, job.get(), userCode());
        }
    }

    @Override
    public void close() {
        program.close();
    }

    private JarCheckException noJob(Throwable end) {
        if (end == null) {
            return new JarCheckException(
                    String.format(
                            "The program of %s has ended without execute(), so there is no job to"
                                    + " check.",
                            name),
                    null);
        }
        if (end instanceof ProgramParametrizationException) {
            return new JarCheckException(end.getMessage(), end);
        }
        Throwable cause =
                end instanceof ProgramInvocationException && end.getCause() != null
                        ? end.getCause()
                        : end;
        return new JarCheckException(
                String.format(
                        "The program of %s has failed before its execute(): %s.",
                        name, sentence(cause)),
                end);
    }

    /** One line, without a full stop. */
    private static String sentence(Throwable failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage().strip();
        String first = message.lines().findFirst().orElse("").strip();
        boolean told = failure instanceof ProgramInvocationException && !first.isEmpty();
        String sentence =
                told
                        ? first
                        : failure.getClass().getSimpleName() + (first.isEmpty() ? "" : ": " + first);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
