package dev.tern.client.check;

import javax.annotation.Nullable;

import java.net.URL;
import java.nio.file.Path;
import java.util.List;

/**
 * Which program is to be checked.
 *
 * @param jar its jar
 * @param entryClass the class with its main method; null for that of the jar's manifest
 * @param classPaths where its class loader looks beside the jar
 * @param parallelism where the program sets none; not positive for that of the configuration
 * @param programArguments what the main method gets
 */
public record JarCheckArguments(
        Path jar,
        @Nullable String entryClass,
        List<URL> classPaths,
        int parallelism,
        List<String> programArguments) {

    public JarCheckArguments {
        classPaths = List.copyOf(classPaths);
        programArguments = List.copyOf(programArguments);
    }
}
