package dev.tern.rescale.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.scheduler.CoordinatorNotExistException;
import org.apache.flink.util.ExceptionUtils;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import dev.tern.rescale.request.RescaleAnswer;

import java.util.concurrent.TimeoutException;

/** Turns what can go wrong on the way to a rescale coordinator into a status and a sentence. */
final class RescaleFailures {

    private RescaleFailures() {}

    static RestHandlerException refused(RescaleAnswer.Refused refused) {
        HttpResponseStatus status =
                switch (refused.kind()) {
                    case BAD_REQUEST -> HttpResponseStatus.BAD_REQUEST;
                    case NOT_FOUND -> HttpResponseStatus.NOT_FOUND;
                    case CONFLICT -> HttpResponseStatus.CONFLICT;
                };
        return new RestHandlerException(refused.sentence(), status);
    }

    static RestHandlerException unexpected(JobID jobId, Class<?> handler, Object answer) {
        return new RestHandlerException(
                String.format(
                        "The JobManager of job %s gave %s an answer of type %s.",
                        jobId,
                        handler.getSimpleName(),
                        answer == null ? "null" : answer.getClass().getName()),
                HttpResponseStatus.INTERNAL_SERVER_ERROR);
    }

    static RestHandlerException toRest(Throwable failure, JobID jobId) {
        if (has(failure, FlinkJobNotFoundException.class)) {
            return new RestHandlerException(
                    String.format(
                            "There is no running job %s on this cluster. `flink list` shows those"
                                    + " that run.",
                            jobId),
                    HttpResponseStatus.NOT_FOUND,
                    failure);
        }
        // Before RestHandlerException, which it extends.
        if (has(failure, CoordinatorNotExistException.class)) {
            return new RestHandlerException(
                    String.format(
                            "Job %s does not run under the adaptive scheduler, so its parallelism"
                                    + " cannot be changed while it runs. Start streaming jobs with"
                                    + " jobmanager.scheduler: adaptive.",
                            jobId),
                    HttpResponseStatus.CONFLICT,
                    failure);
        }
        if (has(failure, RestHandlerException.class)) {
            return ExceptionUtils.findThrowable(failure, RestHandlerException.class).get();
        }
        if (has(failure, UnavailableDispatcherOperationException.class)) {
            return new RestHandlerException(
                    String.format("Job %s is still being started. Try again in a moment.", jobId),
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    failure);
        }
        if (has(failure, TimeoutException.class)) {
            return new RestHandlerException(
                    String.format(
                            "The JobManager of job %s did not answer in time. The rescale may have"
                                    + " started: see /jobs/%s/rescales/history.",
                            jobId, jobId),
                    HttpResponseStatus.GATEWAY_TIMEOUT,
                    failure);
        }
        Throwable cause = ExceptionUtils.stripCompletionException(failure);
        return new RestHandlerException(
                String.format(
                        "The JobManager of job %s failed to answer: %s. Its log says more.",
                        jobId, cause),
                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                failure);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return ExceptionUtils.findThrowable(failure, type).isPresent();
    }
}
