package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Rows of text whose columns stand below each other, for a log or a terminal. */
public final class TextTable {
    private static final String GAP = "  ";

    private static final Set<Character.UnicodeScript> WIDE = EnumSet.of(
            Character.UnicodeScript.HAN,
            Character.UnicodeScript.HIRAGANA,
            Character.UnicodeScript.KATAKANA,
            Character.UnicodeScript.HANGUL,
            Character.UnicodeScript.BOPOMOFO);

    private TextTable() {}

    /**
     * A line for each row, in their order, two blanks between columns and none at the end.
     *
     * @param rows of the same length each; free of line ends
     */
    @NonNull
    public static List<String> of(@NonNull List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> width(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            line.append(cell).append(" ".repeat(widths[column] - width(cell))).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePoints().map(TextTable::width).sum();
    }

    /** Columns of a terminal: marks stand above the sign before them, signs of East Asia are twice as wide as others. */
    private static int width(int sign) {
        int type = Character.getType(sign);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return WIDE.contains(Character.UnicodeScript.of(sign)) && !isHalfWidth(sign) ? 2 : 1;
    }

    private static boolean isHalfWidth(int sign) {
        return Character.UnicodeBlock.of(sign) == Character.UnicodeBlock.HALFWIDTH_AND_FULLWIDTH_FORMS;
    }
}
