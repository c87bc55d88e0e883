package io.jenkins.plugins.qwiet.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What stands in the files of a Jenkins that goes on writing, and so lets some vanish while they are looked at. */
public final class TextsOnDisk {
    private TextsOnDisk() {}

    /** Each regular file below a directory, byte by byte as ISO 8859-1. */
    public static Map<Path, String> below(Path root) throws IOException {
        return below(root, file -> true);
    }

    /** The same, of those files only. */
    public static Map<Path, String> below(Path root, Predicate<Path> files) throws IOException {
        var texts = new LinkedHashMap<Path, String>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
                if (is.isRegularFile() && files.test(file)) {
                    try {
                        texts.put(file, Files.readString(file, StandardCharsets.ISO_8859_1));
                    } catch (NoSuchFileException e) {
                        return visitFileFailed(file, e);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                if (problem instanceof NoSuchFileException && !file.equals(root)) {
                    return FileVisitResult.CONTINUE;
                }
                throw problem;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException problem) throws IOException {
                return problem instanceof NoSuchFileException
                        ? FileVisitResult.CONTINUE
                        : super.postVisitDirectory(directory, problem);
            }
        });
        return texts;
    }

    /** The names of those below a directory in which a text stands. */
    public static List<String> namesOfThoseWith(String text, Path root) throws IOException {
        return below(root).entrySet().stream()
                .filter(file -> file.getValue().contains(text))
                .map(file -> file.getKey().getFileName().toString())
                .toList();
    }
}
