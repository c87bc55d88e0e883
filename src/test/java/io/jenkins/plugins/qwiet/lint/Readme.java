package io.jenkins.plugins.qwiet.lint;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The README, as far as tests hold it to its word. */
public final class Readme {
    private static final String TEXT = ProjectFiles.read(Path.of("README.md"));
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");

    private Readme() {}

    /** The languages of all blocks of code, from top to bottom; empty where a block does not say. */
    static List<String> languages() {
        return BLOCK.matcher(TEXT).results().map(found -> found.group(1)).toList();
    }

    /** All blocks of code in one language, from top to bottom. */
    public static List<String> examples(String language) {
        return BLOCK.matcher(TEXT)
                .results()
                .filter(found -> found.group(1).equals(language))
                .map(found -> found.group(2))
                .toList();
    }

    /** The cells of the first table below a heading, row by row, without the two rows of its head. */
    public static List<List<String>> table(String heading) {
        return Table.below(heading, TEXT);
    }

    static String text() {
        return TEXT;
    }
}
