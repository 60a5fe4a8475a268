package dev.tern.seams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Loads, verifies and initialises every class of our jars and of the released ones, with the same
 * dependencies. What fails for upstream (Hadoop, OSHI and the like are optional) may fail for us.
 */
class ClassCheckTest {

    private static Outcome released;
    private static Outcome ours;

    /**
     * What became of the classes of one class path.
     *
     * @param failed the error by name of the class that does not load
     * @param uids serialVersionUID by name of the Serializable class
     */
    private record Outcome(
            Set<String> loaded, SortedMap<String, String> failed, SortedMap<String, Long> uids) {}

    @BeforeAll
    static void loadEverything() throws IOException {
        released = load(true);
        ours = load(false);
        System.out.printf(
                "released: %d classes load, %d do not, %d are Serializable; ours: %d, %d, %d%n",
                released.loaded().size(),
                released.failed().size(),
                released.uids().size(),
                ours.loaded().size(),
                ours.failed().size(),
                ours.uids().size());
    }

    @Test
    void enoughClassesWereSeenToMeanSomething() {
        assertThat(released.loaded()).hasSizeGreaterThan(4_500);
        assertThat(released.uids()).hasSizeGreaterThan(700);
    }

    @Test
    void exactlyTheClassesFailThatFailForUpstream() {
        assertThat(ours.failed()).isEqualTo(released.failed());
    }

    @Test
    void everyReleasedClassIsThereAndOnlyOursAreAdded() {
        assertThat(ours.loaded()).containsAll(released.loaded());
        Set<String> added = new TreeSet<>(ours.loaded());
        added.removeAll(released.loaded());
        assertThat(added).allMatch(name -> name.startsWith("dev.tern."));
    }

    @Test
    void serialVersionUidsAreThoseOfTheRelease() {
        Map<String, Long> kept = new TreeMap<>(ours.uids());
        kept.keySet().retainAll(released.uids().keySet());
        assertThat(kept).isEqualTo(released.uids());
    }

    private static Outcome load(boolean upstream) throws IOException {
        Outcome outcome = new Outcome(new TreeSet<>(), new TreeMap<>(), new TreeMap<>());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = Project.loader(upstream)) {
            // Static initialisers look for services through it.
            thread.setContextClassLoader(loader);
            for (String artifact : Project.ARTIFACTS) {
                Path place = upstream ? Project.released(artifact) : Project.ours(artifact);
                for (String name : ClassFiles.classNames(place)) {
                    load(name, loader, outcome);
                }
            }
        } finally {
            thread.setContextClassLoader(before);
        }
        return outcome;
    }

    private static void load(String name, ClassLoader loader, Outcome outcome) {
        try {
            Class<?> type = Class.forName(name, true, loader);
            outcome.loaded().add(name);
            if (Serializable.class.isAssignableFrom(type) && !type.isInterface()) {
                outcome.uids().put(name, ObjectStreamClass.lookup(type).getSerialVersionUID());
            }
        } catch (ClassNotFoundException
                | LinkageError
                | ServiceConfigurationError
                | RuntimeException e) {
            outcome.failed().put(name, e.toString());
        }
    }
}
