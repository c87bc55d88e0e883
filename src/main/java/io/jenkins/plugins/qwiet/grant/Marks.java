package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;
import jenkins.security.HMACConfidentialKey;

/**
 * Marks by which a value is recognized that is not kept: somebody's own token may be among them. They are stored with the
 * build; without this Jenkins' own key nobody can try out what a value may have been.
 */
final class Marks {
    private static final int DIGITS = 16;
    private static final String OF_BLOCK = "block:";
    private static final String OF_LINE = "token:";

    private static final HMACConfidentialKey KEY = new HMACConfidentialKey(Marks.class, "marks");

    private Marks() {}

    @NonNull
    static String of(@NonNull String value) {
        // Cut here: in FIPS mode Jenkins cuts none.
        return KEY.mac(value).substring(0, DIGITS);
    }

    /** That so many settings of a variable are inside of a block of a Pipeline, by it and those around it. */
    @NonNull
    static String ofBlock(long node, @NonNull String variable) {
        return OF_BLOCK + node + '/' + variable.toUpperCase(Locale.ROOT) + '=';
    }

    /** That a token took the place of those of a line. */
    @NonNull
    static String ofLine(@NonNull String lineId) {
        return OF_LINE + lineId;
    }
}
