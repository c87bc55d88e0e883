package io.jenkins.plugins.qwiet.lint;

import java.util.Arrays;
import java.util.List;

/** Tables in Markdown. */
final class Table {
    private Table() {}

    /** The cells of the first one below a heading of the second level, row by row, without the two rows of its head. */
    static List<List<String>> below(String heading, String text) {
        String section = text.substring(text.indexOf("\n## " + heading + "\n") + 1);
        return section.lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .map(cells -> cells.subList(1, cells.size()))
                .toList();
    }
}
