package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.RequestBody;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonCreator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonValue;

import dev.tern.rescale.request.RescaleRequest;

import javax.annotation.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The body of {@code POST /jobs/:jobid/rescales}: a JSON object with any of {@code vertex}, {@code
 * parallelism}, {@code strategy}, {@code options}, {@code placement}, {@code dryRun} and {@code allowRestart}.
 *
 * <p>The fields are kept as they came and are checked in {@link #toRequest()}, so that a wrong one
 * can be named in a sentence.
 */
public final class RescaleRequestBody implements RequestBody {

    private static final String VERTEX = "vertex";
    private static final String PARALLELISM = "parallelism";
    private static final String STRATEGY = "strategy";
    private static final String OPTIONS = "options";
    private static final String PLACEMENT = "placement";
    private static final String DRY_RUN = "dryRun";
    private static final String ALLOW_RESTART = "allowRestart";
    private static final List<String> KNOWN =
            List.of(
                    VERTEX, PARALLELISM, STRATEGY, OPTIONS, PLACEMENT, DRY_RUN, ALLOW_RESTART);

    private final Map<String, Object> fields;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    RescaleRequestBody(Map<String, Object> fields) {
        this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The body that says the same as a request. */
    public static RescaleRequestBody of(RescaleRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        request.vertex().ifPresent(vertex -> fields.put(VERTEX, vertex));
        request.parallelism().ifPresent(parallelism -> fields.put(PARALLELISM, parallelism));
        request.strategy().ifPresent(strategy -> fields.put(STRATEGY, strategy));
        if (!request.options().isEmpty()) {
            fields.put(OPTIONS, request.options());
        }
        request.placement().ifPresent(placement -> fields.put(PLACEMENT, placement));
        fields.put(DRY_RUN, request.dryRun());
        fields.put(ALLOW_RESTART, request.allowRestart());
        return new RescaleRequestBody(fields);
    }

    @JsonValue
    Map<String, Object> fields() {
        return fields;
    }

    /**
     * What the body asks for.
     *
     * @throws MalformedRequestException with a sentence if a field is unknown or has the wrong type
     */
    public RescaleRequest toRequest() throws MalformedRequestException {
        for (String field : fields.keySet()) {
            if (!KNOWN.contains(field)) {
                throw new MalformedRequestException(
                        String.format(
                                "A rescale request has no field \"%s\". Its fields are: %s.",
                                field, String.join(", ", KNOWN)));
            }
        }
        return RescaleRequest.of(
                        typed(VERTEX, String.class, "a string: id or name of a vertex"),
                        typed(PARALLELISM, Integer.class, "an integer"),
                        typed(STRATEGY, String.class, "a string: name of a strategy"),
                        typed(PLACEMENT, String.class, "a string: name of a placement"),
                        Boolean.TRUE.equals(typed(DRY_RUN, Boolean.class, "true or false")),
                        Boolean.TRUE.equals(typed(ALLOW_RESTART, Boolean.class, "true or false")))
                .withOptions(options());
    }

    private Map<String, String> options() throws MalformedRequestException {
        Map<?, ?> given =
                typed(OPTIONS, Map.class, "an object: values by the names of options");
        Map<String, String> options = new LinkedHashMap<>();
        if (given != null) {
            for (Map.Entry<?, ?> option : given.entrySet()) {
                Object value = option.getValue();
                if (!(value instanceof String
                        || value instanceof Number
                        || value instanceof Boolean)) {
                    throw new MalformedRequestException(
                            String.format(
                                    "Option \"%s\" is %s, expected a string, a number, true or"
                                            + " false.",
                                    option.getKey(), value));
                }
                options.put(String.valueOf(option.getKey()), String.valueOf(value));
            }
        }
        return options;
    }

    @Nullable
    private <T> T typed(String field, Class<T> type, String expected)
            throws MalformedRequestException {
        Object value = fields.get(field);
        if (value != null && !type.isInstance(value)) {
            String text = value instanceof String ? "\"" + value + '"' : String.valueOf(value);
            throw new MalformedRequestException(
                    String.format("\"%s\" is %s, expected %s.", field, text, expected));
        }
        return type.cast(value);
    }

    /** A request that cannot be read; the message says which field and what is expected. */
    public static final class MalformedRequestException extends Exception {
        MalformedRequestException(String message) {
            super(message);
        }
    }
}
