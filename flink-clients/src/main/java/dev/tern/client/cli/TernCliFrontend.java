package dev.tern.client.cli;

import org.apache.flink.client.cli.CliArgsException;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.client.cli.ClientOptions;
import org.apache.flink.client.cli.CustomCommandLine;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterClientServiceLoader;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.DefaultClusterClientServiceLoader;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.security.SecurityConfiguration;
import org.apache.flink.runtime.security.SecurityUtils;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkException;

import dev.tern.client.check.JarCheck;
import dev.tern.client.check.JarCheckException;
import dev.tern.client.check.JarReport;
import dev.tern.rescale.config.ScaleConf;
import dev.tern.rescale.request.RescaleDefaults;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.PrintStream;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Flink's command line client with one more action: {@code rescale}. */
public class TernCliFrontend extends CliFrontend {

    private static final Logger LOG = LoggerFactory.getLogger(TernCliFrontend.class);

    private static final String ACTION = "rescale";

    private static final Set<String> STOCK_ACTIONS =
            Set.of(
                    "run", "list", "info", "cancel", "stop", "savepoint", "checkpoint", "-v",
                    "--version");

    /** What stock Flink exits with if it did not even get to the action. */
    private static final int NOT_STARTED = 31;

    private final ClusterClientServiceLoader clusters = new DefaultClusterClientServiceLoader();
    private final Path confDir;
    private final PrintStream out;

    /**
     * Creates the client.
     *
     * @param configuration what config.yaml says
     * @param commandLines the ways to find a cluster
     * @param confDir the configuration directory
     * @param out where results go
     */
    public TernCliFrontend(
            Configuration configuration,
            List<CustomCommandLine> commandLines,
            Path confDir,
            PrintStream out) {
        super(configuration, commandLines);
        this.confDir = confDir;
        this.out = out;
    }

    @Override
    public int parseAndRun(String[] args) {
        if (args.length > 0 && args[0].equals(ACTION)) {
            return rescale(Arrays.copyOfRange(args, 1, args.length));
        }
        int exitCode = super.parseAndRun(args);
        if (args.length == 0 || args[0].equals("-h") || args[0].equals("--help")) {
            RescaleHelp.print(out, getCustomCommandLineOptions());
        } else if (!STOCK_ACTIONS.contains(args[0])) {
            // The stock client has just listed the valid actions.
            out.println("\"rescale\" is a valid action, too.");
        }
        return exitCode;
    }

    private int rescale(String[] args) {
        boolean json = Arrays.asList(args).contains("--json");
        try {
            CommandLine upToJar = getCommandLine(RescaleOption.all(), args, true);
            if (JarCheckLine.isIn(upToJar)) {
                json = RescaleArguments.has(upToJar, RescaleOption.JSON);
                return check(upToJar, json);
            }
            CommandLine line = getCommandLine(RescaleOption.all(), args, false);
            if (RescaleArguments.wantsHelp(line)) {
                RescaleHelp.print(out, getCustomCommandLineOptions());
                return 0;
            }
            return rescale(RescaleArguments.parse(line), line);
        } catch (CliArgsException
                | RescaleClientException
                | JarCheckException
                | IllegalConfigurationException e) {
            return failed(e.getMessage(), e, json);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("Interrupted. The rescale goes on in the cluster.", e, json);
        } catch (Exception e) {
            String what = ExceptionUtils.stripExecutionException(e).getMessage();
            return failed(
                    String.format(
                            "The rescale could not be asked for: %s. The log of the client says"
                                    + " more.",
                            what == null ? e.getClass().getName() : what),
                    e,
                    json);
        }
    }

    /** Checks the job of a program; no cluster is asked. */
    private int check(CommandLine line, boolean json) throws Exception {
        JarReport report = JarCheck.of(JarCheckLine.parse(line), configuration(line));
        if (json) {
            out.println(RescaleAction.toJson(JarCheckBody.of(report)));
        } else {
            CheckText.of(report).forEach(out::println);
        }
        return 0;
    }

    private int rescale(RescaleArguments arguments, CommandLine line) throws Exception {
        RescaleArguments complete = arguments.withDefaults(defaults(arguments));
        Configuration configuration = configuration(line);
        Duration timeout = configuration.get(ClientOptions.CLIENT_TIMEOUT);
        try (RestClusterClient<?> cluster = connect(configuration)) {
            return new RescaleAction(
                            new RestRescaleClient(cluster, timeout),
                            out,
                            duration -> Thread.sleep(duration.toMillis()))
                    .run(complete);
        }
    }

    private RescaleDefaults defaults(RescaleArguments arguments) {
        return arguments.view() == RescaleArguments.View.STATUS
                        || arguments.view() == RescaleArguments.View.CHECK
                ? RescaleDefaults.NONE
                : ScaleConf.load(confDir);
    }

    private Configuration configuration(CommandLine line) throws FlinkException {
        Configuration configuration = getConfiguration();
        configuration.addAll(validateAndGetActiveCommandLine(line).toConfiguration(line));
        if (!configuration.contains(RestOptions.RETRY_MAX_ATTEMPTS)) {
            // Flink tries for a minute before it says that there is nobody.
            configuration.set(RestOptions.RETRY_MAX_ATTEMPTS, 2);
            configuration.set(RestOptions.RETRY_DELAY, Duration.ofMillis(300));
        }
        return configuration;
    }

    private RestClusterClient<?> connect(Configuration configuration) throws Exception {
        return connect(configuration, clusters.getClusterClientFactory(configuration));
    }

    private static <C> RestClusterClient<?> connect(
            Configuration configuration, ClusterClientFactory<C> factory) throws Exception {
        C clusterId = factory.getClusterId(configuration);
        if (clusterId == null) {
            throw new CliArgsException(
                    "No cluster was named. Say where it is with -m <host>:<port>, or its id with"
                            + " -D<cluster id option>=<id>.");
        }
        try (ClusterDescriptor<C> descriptor = factory.createClusterDescriptor(configuration)) {
            ClusterClient<C> client = descriptor.retrieve(clusterId).getClusterClient();
            if (client instanceof RestClusterClient<C> rest) {
                return rest;
            }
            client.close();
            throw new CliArgsException(
                    String.format(
                            "The cluster %s has no REST endpoint that `flink rescale` could talk"
                                    + " to.",
                            clusterId));
        }
    }

    private int failed(String sentence, Throwable cause, boolean json) {
        LOG.error("Error while running 'rescale': {}", sentence, cause);
        if (json) {
            out.println(RescaleAction.toJson(Map.of("error", sentence)));
        } else {
            System.err.println(sentence);
        }
        return 1;
    }

    /** Runs an action and exits with its exit code. */
    public static void main(String[] args) {
        int exitCode = NOT_STARTED;
        try {
            exitCode = start(args);
        } catch (Throwable t) {
            Throwable cause = ExceptionUtils.stripException(t, UndeclaredThrowableException.class);
            LOG.error("Fatal error while running command line interface.", cause);
            System.err.println("The command line client could not start: " + cause.getMessage());
        } finally {
            System.exit(exitCode);
        }
    }

    private static int start(String[] args) throws Exception {
        EnvironmentInformation.logEnvironmentInfo(LOG, "Command Line Client", args);
        String confDir = getConfigurationDirectoryFromEnv();
        Configuration configuration = GlobalConfiguration.loadConfiguration(confDir);
        TernCliFrontend client =
                new TernCliFrontend(
                        configuration,
                        loadCustomCommandLines(configuration, confDir),
                        Path.of(confDir),
                        System.out);
        SecurityUtils.install(new SecurityConfiguration(client.securityConfiguration(args)));
        return SecurityUtils.getInstalledContext().runSecured(() -> client.parseAndRun(args));
    }

    /** The configuration with what -D says: Kerberos and its kin may be set there. */
    private Configuration securityConfiguration(String[] args) {
        Configuration configuration = getConfiguration();
        String[] options = Arrays.copyOfRange(args, Math.min(args.length, 1), args.length);
        try {
            getCommandLine(new Options(), options, true)
                    .getOptionProperties("D")
                    .forEach((key, value) -> configuration.setString((String) key, (String) value));
        } catch (CliArgsException e) {
            // The action parses the same line and says what is wrong.
            LOG.debug("The command line cannot be parsed.", e);
        }
        return configuration;
    }
}
