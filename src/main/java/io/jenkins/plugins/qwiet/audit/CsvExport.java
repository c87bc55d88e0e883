package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Writes rows as comma-separated values (RFC 4180), every cell in quotes. A spreadsheet finds no formula in them: a cell
 * that would begin like one gets an apostrophe before it, as OWASP's page "CSV Injection" advises.
 * Encoded as UTF-8, of which it has the mark at its beginning.
 */
public final class CsvExport {
    /** Else a spreadsheet takes the file for one in the charset of its country. */
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private static final String HEADER = "id,label,type,state,expires,made_by,build,description\r\n";
    /** The last four are what some spreadsheets take for the first four. */
    private static final String FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20";

    private final Appendable out;

    /**
     * Begins a file, with its header.
     *
     * @param out buffered, if it writes to somewhere slow; not closed here
     */
    public CsvExport(@NonNull Appendable out) throws IOException {
        this.out = out;
        out.append(BYTE_ORDER_MARK).append(HEADER);
    }

    /** Writes a row. */
    public void write(@NonNull TokenRow row) throws IOException {
        Instant expiresAt = row.expiresAt();
        cell(row.id(), ',');
        cell(row.label(), ',');
        cell(row.type(), ',');
        cell(row.live() ? "live" : "expired", ',');
        // In whole seconds: spreadsheets take others for text.
        cell(
                expiresAt != null
                        ? expiresAt.truncatedTo(ChronoUnit.SECONDS).toString()
                        : row.neverExpires() ? "never" : "unknown",
                ',');
        cell(row.madeBy().name().toLowerCase(Locale.ROOT), ',');
        cell(row.build(), ',');
        cell(row.userText(), '\n');
    }

    private void cell(@CheckForNull String text, char end) throws IOException {
        out.append('"').append(inert(text).replace("\"", "\"\"")).append('"');
        if (end == '\n') {
            out.append('\r');
        }
        out.append(end);
    }

    /** The text as no spreadsheet computes it. */
    static String inert(@CheckForNull String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        char raw = text.charAt(0);
        String line = DisplayText.line(text);
        int start = 0;
        while (start < line.length() && blank(line.charAt(start))) {
            start++;
        }
        boolean formula = start < line.length() && FORMULA.indexOf(line.charAt(start)) >= 0;
        return formula || raw == '\t' || raw == '\r' || raw == '\n' ? "'" + line : line;
    }

    private static boolean blank(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }
}
