package dev.tern.client.cli;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.util.RestMapperUtils;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;

import dev.tern.rescale.request.RequestResolver;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.rest.RescaleAcceptedBody;
import dev.tern.rescale.rest.RescaleCheckBody;
import dev.tern.rescale.rest.RescaleDetailsBody;
import dev.tern.rescale.rest.RescalePlanBody;
import dev.tern.rescale.rest.RescaleSubmitResponseBody;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Does what a command line of {@code flink rescale} asks for and prints what came of it. */
final class RescaleAction {

    /** How often {@code --wait} looks. */
    static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    /** How many looks in a row may find nobody, while the cluster changes its leader. */
    static final int MAX_UNREACHABLE = 300;

    /** Waits between two looks. */
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    private final RescaleClient client;
    private final PrintStream out;
    private final Pause pause;

    RescaleAction(RescaleClient client, PrintStream out, Pause pause) {
        this.client = client;
        this.out = out;
        this.pause = pause;
    }

    /**
     * Does it.
     *
     * @return the exit code: 0 if the call went well and, with {@code --wait}, the rescale
     *     completed in the way that was asked for, with {@code --abort} if it was stopped; 1
     *     otherwise
     */
    int run(RescaleArguments arguments) throws RescaleClientException, InterruptedException {
        if (arguments.view() == RescaleArguments.View.STATUS) {
            return status(arguments);
        }
        if (arguments.view() == RescaleArguments.View.ABORT) {
            return abort(arguments);
        }
        if (arguments.view() == RescaleArguments.View.CHECK) {
            return check(arguments);
        }
        RescaleSubmitResponseBody answer = client.submit(arguments.jobId(), arguments.request());
        if (answer instanceof RescalePlanBody plan) {
            if (arguments.json()) {
                json(plan);
            } else {
                RescaleText.plan(plan.toReport(), mayRestart(plan.strategy(), arguments))
                        .forEach(out::println);
            }
            return 0;
        }
        RescaleAcceptedBody accepted = (RescaleAcceptedBody) answer;
        String rescaleId = accepted.rescaleId();
        if (arguments.await()) {
            return await(arguments, rescaleId);
        }
        if (arguments.json()) {
            json(answer);
        } else {
            out.println("Rescale " + rescaleId + " of job " + arguments.jobId() + " has started.");
            if (!accepted.together().isEmpty()) {
                out.println(RescaleText.together(accepted.together()));
            }
            out.println("`flink rescale " + arguments.jobId() + " --status` shows how it stands.");
        }
        return 0;
    }

    private int abort(RescaleArguments arguments)
            throws RescaleClientException, InterruptedException {
        RescaleDetailsBody rescale = look(arguments.jobId(), client.abort(arguments.jobId()));
        while (!rescale.outcome().isTerminal()) {
            pause.sleep(POLL_INTERVAL);
            rescale = look(arguments.jobId(), rescale.rescaleId());
        }
        if (arguments.json()) {
            json(rescale);
        } else {
            out.println(RescaleText.headline(rescale));
            out.println(RescaleText.result(rescale));
        }
        return rescale.outcome() == RescaleOutcome.ABORTED ? 0 : 1;
    }

    private int check(RescaleArguments arguments) throws RescaleClientException {
        RescaleCheckBody body = client.check(arguments.jobId());
        if (arguments.json()) {
            json(body);
        } else {
            CheckText.of(body.toReport()).forEach(out::println);
        }
        return 0;
    }

    private int status(RescaleArguments arguments) throws RescaleClientException {
        List<RescaleDetailsBody> history = client.history(arguments.jobId());
        if (arguments.json()) {
            json(history.isEmpty() ? null : history.get(0));
        } else if (history.isEmpty()) {
            out.println("Job " + arguments.jobId() + " has not been rescaled.");
        } else {
            RescaleText.status(history.get(0)).forEach(out::println);
        }
        return 0;
    }

    private int await(RescaleArguments arguments, String rescaleId)
            throws RescaleClientException, InterruptedException {
        int shown = 0;
        RescaleMode mode = null;
        while (true) {
            RescaleDetailsBody rescale = look(arguments.jobId(), rescaleId);
            if (!arguments.json()) {
                if (mode != rescale.mode()) {
                    out.println(RescaleText.headline(rescale));
                    if (rescale.mode() == RescaleMode.RESTART) {
                        out.println(rescale.reason());
                    }
                    mode = rescale.mode();
                }
                List<RescaleDetailsBody.Span> states = rescale.schedulerStates();
                for (; shown < states.size(); shown++) {
                    out.println(RescaleText.progress(rescale, states.get(shown)));
                }
            }
            if (rescale.outcome().isTerminal()) {
                if (arguments.json()) {
                    json(rescale);
                } else {
                    out.println(RescaleText.result(rescale));
                }
                return exitCode(rescale, arguments);
            }
            pause.sleep(POLL_INTERVAL);
        }
    }

    private RescaleDetailsBody look(JobID jobId, String rescaleId)
            throws RescaleClientException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return client.details(jobId, rescaleId);
            } catch (RescaleClientException e) {
                if (!e.isUnreachable() || attempt >= MAX_UNREACHABLE) {
                    throw e;
                }
                pause.sleep(POLL_INTERVAL);
            }
        }
    }

    private static int exitCode(RescaleDetailsBody rescale, RescaleArguments arguments) {
        boolean done =
                rescale.outcome() == RescaleOutcome.COMPLETED
                        && (rescale.mode() == RescaleMode.LIVE
                                || mayRestart(rescale.strategy(), arguments));
        return done ? 0 : 1;
    }

    private static boolean mayRestart(String strategy, RescaleArguments arguments) {
        return arguments.request().allowRestart() || strategy.equals(RequestResolver.RESTART);
    }

    private void json(Object body) {
        out.println(toJson(body));
    }

    static String toJson(Object body) {
        try {
            return RestMapperUtils.getStrictObjectMapper().writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer of the cluster cannot be printed.", e);
        }
    }
}
