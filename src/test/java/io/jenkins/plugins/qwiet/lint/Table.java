package io.jenkins.plugins.qwiet.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tables in Markdown. */
final class Table {
    private static final String UNTIL_BAR = "(?<!\\\\)\\|";

    private Table() {}

    /** The cells of the first one below a heading of the second level, row by row, without the two rows of its head. */
    static List<List<String>> below(String heading, String text) {
        int at = text.indexOf("\n## " + heading + "\n");
        assertThat(at).as("the heading " + heading).isNotNegative();
        return rows(text.substring(at + 1)
                .lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .toList());
    }

    /** The cells of all tables, row by row, without the heads. */
    static List<List<String>> all(String text) {
        var all = new ArrayList<List<String>>();
        var table = new ArrayList<String>();
        for (String line : (text + "\n.").lines().toList()) {
            if (line.startsWith("|")) {
                table.add(line);
            } else {
                all.addAll(rows(table));
                table.clear();
            }
        }
        return all;
    }

    private static List<List<String>> rows(List<String> lines) {
        return lines.stream()
                .skip(2)
                .map(line ->
                        Arrays.stream(line.split(UNTIL_BAR)).map(String::strip).toList())
                .map(cells -> cells.subList(1, cells.size()))
                .toList();
    }
}
