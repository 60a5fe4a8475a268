package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.apache.flink.shaded.guava33.com.google.common.cache.Cache;

import java.util.Map;
import java.util.Set;

/** The classes and fields that are known by name exist in the release that Tern builds on. */
class StateCachesTest {

    static Set<Map.Entry<String, String>> fields() {
        return StateCaches.FIELDS.entrySet();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void everyCacheIsWhereItIsLookedFor(Map.Entry<String, String> cache) throws Exception {
        Class<?> type =
                Class.forName(cache.getKey()).getDeclaredField(cache.getValue()).getType();
        assertThat(Cache.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)).isTrue();
    }

    @Test
    void windowAggregationsAreKnownByName() {
        for (String name : TaskObstacles.WINDOW_AGGREGATIONS) {
            assertThat(name).satisfies(Class::forName);
        }
    }

    @Test
    void anOperatorWithoutCachesIsLeftAlone() throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0)) {
            subtask.send(HarnessSubtask.keyOf(1, 0), 1);
            subtask.state().flushAll();
            assertThat(subtask.state().obstacles(false)).isEmpty();
            assertThat(subtask.state().ownedNonEmpty()).isNotEmpty();
        }
    }
}
