package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import java.util.Locale;
import java.util.regex.Pattern;

/** What may be taken for the id of a token, and what Qwiet says of one that is not there. */
final class TokenIds {
    /** Qwiet's are UUIDs; other forms are fine as long as they name one thing below {@code tokens/}. */
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_-]{1,200}");

    private static final Pattern TOKEN = Pattern.compile("token");

    /** With one of these in it, it may be about something else that is not there. */
    private static final Pattern SOMETHING_ELSE = Pattern.compile(
            "organi[sz]ation|\\borg|_org|route|path|endpoint|\\burl|method|resource|page|bearer|auth|account|role|scope"
                    + "|user|permission|session|expired");

    private TokenIds() {}

    static boolean areHarmless(@NonNull String id) {
        return SEGMENT.matcher(id).matches();
    }

    /** Whether Qwiet said that there is no such token. Of a 404 that may be about something else it is not certain. */
    static boolean meansGone(@NonNull Refused<?> refusal) {
        String words = (refusal.code() + " " + refusal.message()).toLowerCase(Locale.ROOT);
        return refusal.status() == 404
                && TOKEN.matcher(words).find()
                && !SOMETHING_ELSE.matcher(words).find();
    }
}
