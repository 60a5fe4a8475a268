package dev.tern.streaming.state;

import dev.tern.rescale.request.Obstacle;
import dev.tern.rescale.request.Obstacle.Reason;

import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperator;

import org.apache.flink.shaded.guava33.com.google.common.cache.Cache;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Caches of keyed state, by key, that operators of Flink SQL keep on the heap: Top-N and session
 * windows. Some hold changes that the state does not have yet. All of them would be wrong for a unit
 * that leaves, is changed elsewhere and returns, so they are written back and cleared; they fill
 * again from the state.
 *
 * <p>The classes are not on the class path of this module, and may not be on that of a job: fields
 * are looked up by name, and a job whose classes have none of that name is not rescaled live. Task
 * mailbox thread.
 */
final class StateCaches {

    static final String TABLE_OPERATORS = "org.apache.flink.table.runtime.operators.";

    /** The field of the cache, by the class that declares it. */
    static final Map<String, String> FIELDS =
            Map.of(
                    TABLE_OPERATORS + "rank.utils.FastTop1Helper", "kvCache",
                    TABLE_OPERATORS + "rank.utils.AppendOnlyTopNHelper", "kvSortedMap",
                    TABLE_OPERATORS + "rank.UpdatableTopNFunction", "kvRowKeyMap",
                    TABLE_OPERATORS + "window.groupwindow.internal.MergingWindowSet",
                            "cachedSortedWindows");

    /** Functions here write their caches back when a checkpoint is taken. */
    private static final String WRITE_BACK = TABLE_OPERATORS + "rank.";

    private interface CacheVisitor {
        void visit(Object cache) throws ReflectiveOperationException;
    }

    private StateCaches() {}

    /** Why the caches of an operator cannot be cleared, as the end of a sentence about it. */
    static Optional<Reason> unreachable(StreamOperator<?> operator) {
        try {
            visit(operator, StateCaches::asMap);
            return Optional.empty();
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.of(Obstacle.UNKNOWN_CACHE.reason(e));
        }
    }

    /**
     * Brings changes that are only in a cache into the state.
     *
     * @return whether there may have been any
     */
    static boolean writeBack(StreamOperator<?> operator) throws Exception {
        if (functionOf(operator) instanceof CheckpointedFunction function
                && function.getClass().getName().startsWith(WRITE_BACK)) {
            // These do not look at the context.
            function.snapshotState(null);
            return true;
        }
        return false;
    }

    static void clear(StreamOperator<?> operator) throws ReflectiveOperationException {
        visit(operator, cache -> asMap(cache).clear());
    }

    private static Map<?, ?> asMap(Object cache) {
        if (cache == null) {
            // The operator has not been opened.
            return new HashMap<>();
        }
        return cache instanceof Cache<?, ?> guava ? guava.asMap() : (Map<?, ?>) cache;
    }

    private static Object functionOf(StreamOperator<?> operator) {
        return operator instanceof AbstractUdfStreamOperator<?, ?> udf
                ? udf.getUserFunction()
                : null;
    }

    private static void visit(StreamOperator<?> operator, CacheVisitor visitor)
            throws ReflectiveOperationException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        walk(operator, seen, visitor);
        walk(functionOf(operator), seen, visitor);
    }

    /** From a table operator along the fields that lead to other classes of table operators. */
    private static void walk(Object object, Set<Object> seen, CacheVisitor visitor)
            throws ReflectiveOperationException {
        if (object == null
                || !object.getClass().getName().startsWith(TABLE_OPERATORS)
                || !seen.add(object)) {
            return;
        }
        for (Class<?> type = object.getClass();
                type.getName().startsWith(TABLE_OPERATORS);
                type = type.getSuperclass()) {
            String cache = FIELDS.get(type.getName());
            if (cache != null) {
                visitor.visit(read(object, type.getDeclaredField(cache)));
            }
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    walk(read(object, field), seen, visitor);
                }
            }
        }
    }

    private static Object read(Object object, Field field) throws IllegalAccessException {
        field.setAccessible(true);
        return field.get(object);
    }
}
