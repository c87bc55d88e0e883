package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Reads a directory of leases once, at opening, setting aside what is none. */
final class LeaseReader {
    /** Of a lease's file, after its nonce. */
    static final String SUFFIX = ".json";
    /** Of a file that is being written. */
    static final String UNFINISHED = ".tmp";

    private static final Logger LOGGER = Logger.getLogger(LeaseReader.class.getName());
    private static final int LARGEST = 64 * 1024;

    private final Path directory;
    private final Path setAside;

    LeaseReader(Path directory, Path setAside) {
        this.directory = directory;
        this.setAside = setAside;
    }

    /**
     * Gives every lease to the consumer, on several threads.
     *
     * @return the files that are no leases, where they are now; also those of earlier times
     */
    List<Path> read(Consumer<Lease> leases) throws IOException {
        List<Path> others = new ArrayList<>();
        if (Files.isDirectory(setAside)) {
            try (Stream<Path> earlier = Files.list(setAside)) {
                earlier.forEach(others::add);
            }
        }
        Map<Path, IOException> problems = new ConcurrentSkipListMap<>();
        // Several at a time: Jenkins starts up meanwhile, perhaps from a disk that is far away.
        candidates().parallelStream().forEach(file -> {
            try {
                leases.accept(lease(file));
            } catch (IOException e) {
                problems.put(file, e);
            }
        });
        problems.forEach((file, problem) -> others.add(putAside(file, problem)));
        return List.copyOf(others);
    }

    private List<Path> candidates() throws IOException {
        List<Path> candidates = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    continue; // Nobody's lease, and nothing that would be in the way.
                } else if (name(file).endsWith(SUFFIX + UNFINISHED)) {
                    // The process ended before this replaced the lease of that name, so it never counted.
                    Files.deleteIfExists(file);
                    continue;
                }
                candidates.add(file);
            }
        }
        return candidates;
    }

    private static Lease lease(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it is not a plain file");
        }
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new IOException("it is too large");
        }
        Lease lease = LeaseJson.read(bytes);
        if (!name(file).equals(lease.nonce() + SUFFIX)) {
            throw new IOException("its name is not that of the lease in it");
        }
        return lease;
    }

    private Path putAside(Path file, IOException problem) {
        Path place = setAside.resolve(name(file));
        try {
            SyncedFiles.createDirectories(setAside);
            for (int n = 2; Files.exists(place, LinkOption.NOFOLLOW_LINKS); n++) {
                place = setAside.resolve(name(file) + "." + n);
            }
            Files.move(file, place);
            LOGGER.log(
                    Level.WARNING,
                    "Not a lease, because {1}: {0}. Moved to {2}. If it was one, its token is left" + " to expire.",
                    new Object[] {file, problem.getMessage(), place});
            return place;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Not a lease: " + file + ". It could not be moved to " + setAside + ".");
            return file;
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
