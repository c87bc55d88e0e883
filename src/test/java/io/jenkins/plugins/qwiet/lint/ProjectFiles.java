package io.jenkins.plugins.qwiet.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The project's own files, as they lie in its directory. */
public final class ProjectFiles {
    /** Below it are the packages. */
    public static final Path MAIN_JAVA = Path.of("src/main/java");
    /** Below it are the views. */
    public static final Path MAIN_RESOURCES = Path.of("src/main/resources");
    /** Below it are the tests. */
    public static final Path TEST_JAVA = Path.of("src/test/java");

    static final Path PACKAGES = Path.of("io/jenkins/plugins/qwiet");

    private ProjectFiles() {}

    /** Those below a directory whose name ends in this way, sorted. */
    public static List<Path> below(Path directory, String ending) {
        try (var all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole text of one. */
    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
