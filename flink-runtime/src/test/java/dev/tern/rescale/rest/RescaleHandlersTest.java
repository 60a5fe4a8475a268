package dev.tern.rescale.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.apache.flink.runtime.scheduler.CoordinatorNotExistException;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.util.SerializedValue;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import dev.tern.rescale.request.DryRunReport;
import dev.tern.rescale.request.RefusalKind;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleControl;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.Rescales;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** What the handlers ask the JobMaster, and what they make of its answer. */
class RescaleHandlersTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final JobID JOB = new JobID();

    private final RescaleSubmitHandler submit =
            new RescaleSubmitHandler(CompletableFuture::new, TIMEOUT, Map.of());
    private final RescaleHistoryHandler history =
            new RescaleHistoryHandler(CompletableFuture::new, TIMEOUT, Map.of());
    private final RescaleDetailsHandler details =
            new RescaleDetailsHandler(CompletableFuture::new, TIMEOUT, Map.of());

    /** Job and operator uid of the last call; null before the first. */
    private String calledFor;

    @Test
    void anAcceptedRescaleIs202WithItsId() throws Exception {
        RescaleSubmitResponseBody body =
                submit.handleRequest(
                                submitRequest("{\"parallelism\":4}"),
                                answering(
                                        call -> {
                                            assertThat(call)
                                                    .isEqualTo(
                                                            new RescaleCall.Submit(
                                                                    RescaleRequest.of(
                                                                            null, 4, null, null,
                                                                            false, false)));
                                            return new RescaleAnswer.Accepted(
                                                    Rescales.requested("r1", 100));
                                        }))
                        .get();
        assertThat(body).isEqualTo(new RescaleAcceptedBody("r1", List.of()));
        assertThat(submit.status(body)).isEqualTo(HttpResponseStatus.ACCEPTED);
        assertThat(calledFor).isEqualTo(JOB + " " + RescaleControl.UID);
    }

    @Test
    void aPlanIs200() throws Exception {
        DryRunReport report =
                new DryRunReport(
                        Rescales.VERTEX_ID,
                        "Counter",
                        2,
                        4,
                        List.of("Writer"),
                        "aligned",
                        "minimal",
                        RescaleMode.LIVE,
                        "",
                        List.of(),
                        0,
                        2,
                        List.of());
        RescaleSubmitResponseBody body =
                submit.handleRequest(
                                submitRequest("{\"dryRun\":true}"),
                                answering(call -> new RescaleAnswer.Plan(report)))
                        .get();
        assertThat(((RescalePlanBody) body).toReport()).isEqualTo(report);
        assertThat(submit.status(body)).isEqualTo(HttpResponseStatus.OK);
    }

    @Test
    void theHistoryIsListed() throws Exception {
        RescaleHistoryBody body =
                history.handleRequest(
                                request(Map.of("jobid", JOB.toString())),
                                answering(
                                        call -> {
                                            assertThat(call)
                                                    .isEqualTo(new RescaleCall.History());
                                            return new RescaleAnswer.HistoryAnswer(
                                                    List.of(Rescales.completed("r1", 100)));
                                        }))
                        .get();
        assertThat(body.rescales())
                .extracting(RescaleDetailsBody::rescaleId)
                .containsExactly("r1");
    }

    @Test
    void oneRescaleIsShown() throws Exception {
        RescaleDetailsBody body =
                details.handleRequest(
                                detailsRequest("r7"),
                                answering(
                                        call -> {
                                            assertThat(call)
                                                    .isEqualTo(new RescaleCall.Details("r7"));
                                            return new RescaleAnswer.DetailsAnswer(
                                                    Rescales.completed("r7", 100));
                                        }))
                        .get();
        assertThat(body.rescaleUuid()).isEqualTo("r7");
    }

    @Test
    void aRefusalKeepsItsSentenceAndGetsAStatus() {
        Map<RefusalKind, HttpResponseStatus> statuses =
                Map.of(
                        RefusalKind.BAD_REQUEST, HttpResponseStatus.BAD_REQUEST,
                        RefusalKind.NOT_FOUND, HttpResponseStatus.NOT_FOUND,
                        RefusalKind.CONFLICT, HttpResponseStatus.CONFLICT);
        statuses.forEach(
                (kind, status) ->
                        assertRefused(
                                call -> new RescaleAnswer.Refused(kind, "Because of this."),
                                status,
                                "Because of this."));
    }

    @Test
    void aMalformedRequestIs400AndAsksNobody() {
        assertThatThrownBy(
                        () ->
                                submit.handleRequest(
                                        submitRequest("{\"parallelism\":\"x\"}"),
                                        answering(call -> null)))
                .isInstanceOfSatisfying(
                        RestHandlerException.class,
                        e ->
                                assertThat(e.getHttpResponseStatus())
                                        .isEqualTo(HttpResponseStatus.BAD_REQUEST))
                .hasMessageContaining("\"parallelism\" is \"x\"");
        assertThat(calledFor).isNull();
    }

    @Test
    void anUnknownJobIs404() {
        assertFailed(
                new FlinkJobNotFoundException(JOB),
                HttpResponseStatus.NOT_FOUND,
                "no running job " + JOB);
    }

    @Test
    void aJobUnderAnotherSchedulerIs409() {
        assertFailed(
                new CoordinatorNotExistException(RescaleControl.OPERATOR_ID),
                HttpResponseStatus.CONFLICT,
                "jobmanager.scheduler: adaptive");
    }

    @Test
    void aJobThatIsBeingStartedIs503() {
        assertFailed(
                new UnavailableDispatcherOperationException("initializing"),
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "Try again");
    }

    @Test
    void aLateAnswerIs504AndSaysThatTheRescaleMayRun() {
        assertFailed(
                new CompletionException(new TimeoutException("rpc")),
                HttpResponseStatus.GATEWAY_TIMEOUT,
                "/jobs/" + JOB + "/rescales/history");
    }

    @Test
    void anythingElseIs500WithItsMessage() {
        assertFailed(
                new IllegalStateException("out of order"),
                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                "out of order");
    }

    @Test
    void anAnswerThatDoesNotFitIs500() {
        assertRefused(
                call -> new RescaleAnswer.HistoryAnswer(List.of()),
                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                "HistoryAnswer");
        assertRefused(call -> null, HttpResponseStatus.INTERNAL_SERVER_ERROR, "null");
    }

    private void assertFailed(Throwable failure, HttpResponseStatus status, String part) {
        assertRefused(
                call -> {
                    throw new CompletionException(failure);
                },
                status,
                part);
    }

    private void assertRefused(
            Function<CoordinationRequest, CoordinationResponse> jobMaster,
            HttpResponseStatus status,
            String part) {
        assertThatThrownBy(
                        () ->
                                details.handleRequest(detailsRequest("r7"), answering(jobMaster))
                                        .join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RestHandlerException.class,
                        e -> assertThat(e.getHttpResponseStatus()).isEqualTo(status))
                .hasMessageContaining(part);
    }

    private static HandlerRequest<RescaleRequestBody> submitRequest(String json)
            throws Exception {
        return resolved(
                RestMapperUtils.getStrictObjectMapper().readValue(json, RescaleRequestBody.class),
                RescaleSubmitHeaders.INSTANCE.getUnresolvedMessageParameters(),
                Map.of("jobid", JOB.toString()));
    }

    private static HandlerRequest<EmptyRequestBody> detailsRequest(String rescaleId)
            throws Exception {
        return request(Map.of("jobid", JOB.toString(), "rescaleuuid", rescaleId));
    }

    private static HandlerRequest<EmptyRequestBody> request(Map<String, String> path)
            throws Exception {
        return resolved(
                EmptyRequestBody.getInstance(),
                path.size() > 1
                        ? RescaleDetailsHeaders.INSTANCE.getUnresolvedMessageParameters()
                        : RescaleHistoryHeaders.INSTANCE.getUnresolvedMessageParameters(),
                path);
    }

    private static <R extends RequestBody> HandlerRequest<R> resolved(
            R body,
            MessageParameters parameters,
            Map<String, String> path)
            throws Exception {
        return HandlerRequest.resolveParametersAndCreate(
                body, parameters, path, Map.of(), List.of());
    }

    /** A gateway to a JobMaster that deserializes calls and answers like this. */
    private RestfulGateway answering(
            Function<CoordinationRequest, CoordinationResponse> jobMaster) {
        return (RestfulGateway)
                Proxy.newProxyInstance(
                        RestfulGateway.class.getClassLoader(),
                        new Class<?>[] {RestfulGateway.class},
                        (proxy, method, arguments) -> {
                            assertThat(method.getName())
                                    .isEqualTo("deliverCoordinationRequestToCoordinator");
                            assertThat(arguments[3]).isEqualTo(TIMEOUT);
                            calledFor = arguments[0] + " " + arguments[1];
                            Object call =
                                    ((SerializedValue<?>) arguments[2])
                                            .deserializeValue(getClass().getClassLoader());
                            try {
                                return CompletableFuture.completedFuture(
                                        jobMaster.apply((CoordinationRequest) call));
                            } catch (CompletionException e) {
                                return CompletableFuture.failedFuture(e.getCause());
                            }
                        });
    }
}
