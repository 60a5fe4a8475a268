package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonCreator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonValue;

import dev.tern.rescale.request.RescaleRecord;

import java.util.List;

/** The rescales of a job, newest first, as a JSON array like in Flink 2.3. */
public final class RescaleHistoryBody implements ResponseBody {

    private final List<RescaleDetailsBody> rescales;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    RescaleHistoryBody(List<RescaleDetailsBody> rescales) {
        this.rescales = List.copyOf(rescales);
    }

    static RescaleHistoryBody of(List<RescaleRecord> rescales, long nowMillis) {
        return new RescaleHistoryBody(
                rescales.stream().map(r -> RescaleDetailsBody.of(r, nowMillis)).toList());
    }

    /** The rescales, newest first. */
    @JsonValue
    public List<RescaleDetailsBody> rescales() {
        return rescales;
    }
}
