package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be taken for the id of a token, and what Qwiet says of one that is not there. */
final class TokenIds {
    /** Qwiet's are UUIDs; other forms are fine as long as they name one thing below {@code tokens/}. */
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_-]{1,200}");

    private static final Pattern CODE =
            Pattern.compile("(?:ci_?)?token_?(?:not_?found|does_?not_?exist|gone)|no_?such_?token");

    private static final Pattern CODE_OF_ANYTHING =
            Pattern.compile("(?:(?:resource|object|entity)_?)?(?:not_?found|does_?not_?exist)");

    /**
     * All that it may say: any other word could make it a sentence about something else. An "access token" may be the
     * bearer: that is what Qwiet calls it, too. Only "not found" and its like say with a "not" that there is none: what was
     * "not deleted" is there.
     */
    private static final Pattern SENTENCE = Pattern.compile("(?:"
            // No such token (exists).
            + "(?:(?:there is )?no such|unknown|there is no(?= token with)) (?:ci |(?<one>access ))?token" + Words.ID
            + "(?: (?:found|exists?|known))?"
            // The token (was) not found. It does not exist (any more).
            + "|(?:(?:the|this|a) )?(?:ci |(?<two>access ))?token" + Words.ID + "(?:"
            + "(?: (?:is|was|could|does))? not(?: be)? (?:found|exists?|known|there)(?: any ?more)?"
            + "| no longer (?:found|exists?|known|there)"
            + "| is no longer (?:known|there)"
            // It was deleted (already).
            + "|(?: (?:is|was|has been|was already|is already|has already been|already))? (?:deleted|revoked|gone|unknown)"
            + "))(?: in (?:this|the|your) organi[sz]ation)?");

    private static final class Words {
        static final String ID = "(?: with)?(?: the| this| that)?(?: id)?";
    }

    private TokenIds() {}

    static boolean areHarmless(@NonNull String id) {
        return SEGMENT.matcher(id).matches();
    }

    /**
     * Whether Qwiet said that there is no such token. Only of its plainest sentences is that certain, whatever the code: the
     * list decides about any other 404, which may be about the organization, the route, or the bearer.
     *
     * @param id of the token that was to be deleted
     */
    static boolean meansGone(@NonNull Refused<?> refusal, @NonNull String id) {
        if (refusal.status() != 404) {
            return false;
        }
        String code = refusal.code().toLowerCase(Locale.ROOT).replace('-', '_');
        String words = refusal.message()
                .replace(id, " ")
                .toLowerCase(Locale.ROOT)
                // What is no punctuation is a word: a count, a sign, or one of another language.
                .replaceAll("[\\p{P}\\s\\p{Z}]+", " ")
                .strip();
        boolean ofToken = CODE.matcher(code).matches();
        if (words.isEmpty()) {
            return ofToken;
        }
        Matcher sentence = SENTENCE.matcher(words);
        return (ofToken || CODE_OF_ANYTHING.matcher(code).matches())
                && sentence.matches()
                && (sentence.group("one") == null && sentence.group("two") == null
                        || refusal.message().contains(id));
    }
}
