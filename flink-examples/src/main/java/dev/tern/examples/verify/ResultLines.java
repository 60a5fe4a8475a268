package dev.tern.examples.verify;

import dev.tern.examples.measure.ResultFiles;
import dev.tern.examples.parameters.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the finished files that a job left. */
public final class ResultLines {

    private ResultLines() {}

    /** All results in the directory that the parameters name. */
    public static List<ResultLine> read(Parameters parameters) throws IOException {
        Path directory = Path.of(parameters.text("output"));
        if (!Files.isDirectory(directory)) {
            throw Parameters.refused("There is no directory " + directory + " with results.");
        }
        List<ResultLine> results = new ArrayList<>();
        try {
            ResultFiles.forEachLine(directory, line -> results.add(ResultLine.parse(line)));
        } catch (IllegalArgumentException e) {
            throw Parameters.refused(
                    "The files in " + directory + " are not of this job: " + e.getMessage());
        }
        return results;
    }
}
