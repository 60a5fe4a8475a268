package dev.tern.experiments.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A short name for a directory, wherever it is. RocksDB names the log of a database after the whole
 * path of the database, and that must fit into one file name: with a directory deep in the file
 * system the second database of a restore, whose path is still longer, could not be opened.
 */
final class ShortPath implements AutoCloseable {

    private final Path parent;
    private final Path link;

    private ShortPath(Path parent, Path link) {
        this.parent = parent;
        this.link = link;
    }

    /** Names a directory that exists; the name goes with {@link #close}. */
    static ShortPath to(Path directory) throws IOException {
        Path parent = Files.createTempDirectory("t");
        Path link = parent.resolve("d");
        return new ShortPath(parent, Files.createSymbolicLink(link, directory.toAbsolutePath()));
    }

    Path path() {
        return link;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(link);
        Files.deleteIfExists(parent);
    }
}
