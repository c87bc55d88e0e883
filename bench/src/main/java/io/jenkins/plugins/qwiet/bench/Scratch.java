package io.jenkins.plugins.qwiet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Places on the disk for one measurement. */
final class Scratch {
    private Scratch() {}

    /** In the build's folder, so that it is the disk of the sources rather than one in memory. */
    static Path directory() throws IOException {
        return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "bench-");
    }

    /** In memory where the system has such a place, for a figure that is not about the disk; else as {@link #directory}. */
    static Path inMemory() throws IOException {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? Files.createTempDirectory(memory, "bench-") : directory();
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
