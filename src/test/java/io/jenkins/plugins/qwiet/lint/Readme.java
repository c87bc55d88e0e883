package io.jenkins.plugins.qwiet.lint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;

/** The README, as far as tests hold it to its word. */
public final class Readme {
    private static final String TEXT = ProjectFiles.read(Path.of("README.md"));
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)(?:^<!-- example: ([\\w-]+) -->\\n)?^```(\\w*)\\n(.*?)^```$");

    private Readme() {}

    /**
     * A block of code.
     *
     * @param name from the comment in the line above; null if there is none
     * @param language empty if the block does not say
     */
    public record Example(String name, String language, String text) {}

    /** All blocks of code, from top to bottom. */
    public static List<Example> examples() {
        return BLOCK.matcher(TEXT)
                .results()
                .map(found -> new Example(found.group(1), found.group(2), found.group(3)))
                .toList();
    }

    /** The text of one. */
    public static String example(String name) {
        return examples().stream()
                .filter(example -> name.equals(example.name()))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("README.md has no example " + name))
                .text();
    }

    /** The cells of the first table below a heading, row by row, without the two rows of its head. */
    public static List<List<String>> table(String heading) {
        String section = TEXT.substring(TEXT.indexOf("\n## " + heading + "\n") + 1);
        return section.lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .map(cells -> cells.subList(1, cells.size()))
                .toList();
    }

    static String text() {
        return TEXT;
    }
}
