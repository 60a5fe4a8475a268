package dev.tern.rescale.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.runtime.rest.util.RestMapperUtils;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.rest.RescaleRequestBody.MalformedRequestException;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** What a request may look like on the wire. */
class RescaleRequestBodyTest {

    private static final ObjectMapper MAPPER = RestMapperUtils.getStrictObjectMapper();

    @Test
    void anEmptyObjectLeavesEverythingOut() throws Exception {
        assertThat(parse("{}")).isEqualTo(RescaleRequest.empty());
        assertThat(parse("{\"vertex\":null,\"dryRun\":null}")).isEqualTo(RescaleRequest.empty());
    }

    @Test
    void everyFieldIsRead() throws Exception {
        assertThat(
                        parse(
                                "{\"vertex\":\"Counter\",\"parallelism\":4,"
                                        + "\"strategy\":\"aligned\","
                                        + "\"placement\":\"minimal\",\"dryRun\":true,"
                                        + "\"allowRestart\":true}"))
                .isEqualTo(RescaleRequest.of("Counter", 4, "aligned", "minimal", true, true));
    }

    @Test
    void whatTheClientWritesIsWhatTheServerReads() throws Exception {
        RescaleRequest request =
                RescaleRequest.of("Counter", 4, null, "minimal", false, true)
                        .withOptions(Map.of("units", "8", "pause", "1 s"));
        assertThat(parse(MAPPER.writeValueAsString(RescaleRequestBody.of(request))))
                .isEqualTo(request);
    }

    @Test
    void optionsMayBeNumbersAndFlags() throws Exception {
        assertThat(parse("{\"options\":{\"units\":8,\"eager\":true}}").options())
                .isEqualTo(Map.of("units", "8", "eager", "true"));
        assertMalformed("{\"options\":[8]}", "\"options\" is [8]", "an object");
        assertMalformed("{\"options\":{\"units\":[8]}}", "Option \"units\" is [8]", "a number");
    }

    @Test
    void anUnknownFieldIsNamed() {
        assertMalformed("{\"paralellism\":4}", "\"paralellism\"", "parallelism, strategy");
    }

    @Test
    void aWrongTypeIsNamed() {
        assertMalformed("{\"parallelism\":\"4\"}", "\"parallelism\" is \"4\"", "an integer");
        assertMalformed("{\"parallelism\":1.5}", "\"parallelism\" is 1.5", "an integer");
        assertMalformed("{\"parallelism\":99999999999}", "is 99999999999", "an integer");
        assertMalformed("{\"vertex\":7}", "\"vertex\" is 7", "a string");
        assertMalformed("{\"dryRun\":\"yes\"}", "\"dryRun\" is \"yes\"", "true or false");
        assertMalformed("{\"allowRestart\":1}", "\"allowRestart\" is 1", "true or false");
    }

    private static RescaleRequest parse(String json) throws Exception {
        return MAPPER.readValue(json, RescaleRequestBody.class).toRequest();
    }

    private static void assertMalformed(String json, String... parts) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContainingAll(parts);
    }
}
