package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a token comes from, as its description in Qwiet tells: {@code <user's text> [jenkins:<nonce> <build's URL>]}.
 *
 * <p>Qwiet says nowhere how much of a description it keeps; what is cut is cut at the end. So a text that is longer than
 * {@value #SHORT} characters comes after the marker, and so does one of which something may be taken for a marker: the first
 * one with a nonce is the token's own, and what follows it may quote others. A nonce is 128 bits
 * or more, as 32 to 64 lower-case hexadecimal digits or 26 to 52 characters of lower-case base32; anything else is not
 * trusted to be one.
 *
 * @param buildUrl the URL of the build that the token was made for; empty if Jenkins did not know it, or it was cut
 * @param nonce the name of its lease
 */
public record TokenDescription(
        @NonNull String buildUrl, @NonNull String nonce) {
    private static final String OPENING = "[jenkins:";
    private static final char CLOSING = ']';
    private static final String NO_URL = "-";
    /** What may stand behind a nonce for the blank there, or if somebody else wrote the marker. */
    private static final String BEHIND = " ]%+&\\\u00a0";

    /** Not in an address: many a Jenkins is called so, with digits behind it. */
    private static final Pattern MARKER = Pattern.compile(
            "(?<!/|%2[Ff])(?i:jenkins)(?:(?:%(?:25)*|=|\\\\(?:u00|x))3[Aa]|&(?:amp;)*(?:#0*58|#[xX]0*3[aA]|colon);|[^0-9A-Za-z]){0,4}"
                    + "([0-9a-z]*)");

    private static final Pattern HAS_DIGIT = Pattern.compile(".*[0-9].*");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]*");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]*");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;
    /** Such as " [truncated]". */
    private static final int LONGEST_SIGN = 20;
    /** Characters that are seldom there by chance. */
    private static final int SOME = 4;
    /** Digits of a nonce that, where a description ends, are those of a mark that was cut. */
    private static final int FEW = 8;
    /** Bytes. With so many, and half a nonce, a description is shorter than whatever may keep one. */
    private static final int SHORT = 40;

    /**
     * The description to send to Qwiet.
     *
     * @param userText may be empty or null
     * @param buildUrl may be empty
     * @param nonce of the token's lease
     * @throws IllegalArgumentException if the nonce is too short, or has characters that a nonce has not
     */
    @NonNull
    public static String describe(@CheckForNull String userText, @NonNull String buildUrl, @NonNull String nonce) {
        if (!isNonce(nonce)) {
            throw new IllegalArgumentException("not 128 bits in lower-case hexadecimal or base32: " + nonce);
        }
        // One word, whatever it is, and without what closes the marker.
        String url = BLANKS.matcher(buildUrl.strip()).replaceAll("%20").replace("]", "%5D");
        String origin = beginning(nonce) + " " + (url.isEmpty() ? NO_URL : url) + CLOSING;
        String text = userText == null ? "" : userText.strip();
        if (text.isEmpty()) {
            return origin;
        }
        // Whatever comes before it: on its way, a text may get another spelling.
        boolean mayBeTaken = text.toLowerCase(Locale.ROOT).contains("jenkins");
        boolean first = text.getBytes(StandardCharsets.UTF_8).length <= SHORT && !mayBeTaken;
        return first ? text + " " + origin : origin + " " + text;
    }

    /** What the marker of a lease's token begins with, whatever is cut behind it. */
    static String beginning(String nonce) {
        return OPENING + nonce;
    }

    /** Reads a description; empty if it has no marker where {@link #describe} writes it, with a whole nonce. */
    @NonNull
    public static Optional<TokenDescription> parse(@NonNull String description) {
        int start = markerIn(description);
        return start < 0 ? Optional.empty() : parse(description, start);
    }

    /** The user's text alone, as far as it is there; all of a description without a marker. */
    @NonNull
    public static String userText(@NonNull String description) {
        int start = markerIn(description);
        if (start < 0) {
            return description;
        }
        // A long description is cut, perhaps within the build's URL.
        int closing = description.indexOf(CLOSING, start);
        String behind = closing < 0 ? "" : description.substring(closing + 1);
        return (description.substring(0, start) + behind).strip();
    }

    /** Where the marker begins that counts: the first one with a whole nonce, or else what is left of one; -1 if there is none. */
    private static int markerIn(String description) {
        int last = -1;
        for (int start = description.indexOf(OPENING); start >= 0; start = description.indexOf(OPENING, start + 1)) {
            last = start;
            if (isNonce(nonceAt(description, start))) {
                return isBehindAnother(description, start) ? -1 : start;
            }
        }
        return last;
    }

    /** Whether there is one before it that is not as it was written. */
    private static boolean isBehindAnother(String description, int start) {
        return start > 0 && marks(description.substring(0, start)).stream().anyMatch(Mark::beginsWithNonce);
    }

    private static String nonceAt(String description, int start) {
        int from = start + OPENING.length();
        int to = from;
        while (to < description.length() && isOfNonce(description.charAt(to))) {
            to++;
        }
        return description.substring(from, to);
    }

    private static Optional<TokenDescription> parse(String description, int start) {
        String nonce = nonceAt(description, start);
        if (!isNonce(nonce)) {
            return Optional.empty();
        }
        int to = start + OPENING.length() + nonce.length();
        int closing = description.indexOf(CLOSING, to);
        boolean blank = closing > to && Character.isWhitespace(description.charAt(to));
        String url = blank ? description.substring(to, closing).strip() : "";
        boolean oneWord = !url.equals(NO_URL) && url.chars().noneMatch(Character::isWhitespace);
        return Optional.of(new TokenDescription(oneWord ? url : "", nonce));
    }

    /** Whether it ends in the middle of what comes before a nonce, or that is followed only by what may say that it was cut. */
    static boolean mayBeCut(String description) {
        for (int length = OPENING.length(); length > 0; length--) {
            String beginning = OPENING.substring(0, length);
            int rest = length < SOME ? 0 : LONGEST_SIGN;
            int at = description.lastIndexOf(beginning);
            if (at >= 0 && description.length() - at - length <= rest) {
                return true;
            }
        }
        return false;
    }

    /**
     * What stands behind a marker, however its punctuation was written: for a search after something between may have
     * changed the description.
     *
     * @param digits of a nonce, as far as they are there
     * @param asWritten whether it is just as {@link #describe} writes it; "jenkins" may stand in any text
     * @param atEnd whether nothing follows but what may say that it was cut
     * @param goesOn whether what follows is as it was written, so that the digits are all of the nonce's, and no others
     */
    record Mark(String digits, boolean asWritten, boolean atEnd, boolean goesOn) {
        /** Whether a whole nonce is there. A word of letters is none, though it may look like base32. */
        boolean isWhole() {
            boolean word = !HEXADECIMAL.matcher(digits).matches()
                    && !(asWritten && HAS_DIGIT.matcher(digits).matches());
            return isNonce(digits) && !word;
        }

        /**
         * Whether it begins with a nonce in hexadecimal, or with a part of one: few digits tell that only where {@link #describe}
         * wrote them and nothing follows. Numbers of others have no letters, and their words no digits.
         */
        boolean beginsWithNonce() {
            var begin = HEXADECIMAL.matcher(digits);
            return begin.lookingAt()
                    && begin.end() >= (asWritten && atEnd ? FEW : Nonces.SURE)
                    && HAS_DIGIT.matcher(begin.group()).matches()
                    && !DECIMAL.matcher(begin.group()).matches();
        }
    }

    /** All marks of a description, in their order. The first one with a nonce is the token's own. */
    static List<Mark> marks(String description) {
        List<Mark> marks = new ArrayList<>();
        var marker = MARKER.matcher(description);
        // One may begin within what looks like another's nonce.
        for (int from = 0; marker.find(from); from = marker.start() + 1) {
            boolean asWritten = marker.start() > 0
                    && description.startsWith(OPENING, marker.start() - 1)
                    && marker.start(1) == marker.start() - 1 + OPENING.length();
            boolean atEnd = description.length() - marker.end() <= LONGEST_SIGN;
            boolean goesOn =
                    marker.end() < description.length() && BEHIND.indexOf(description.charAt(marker.end())) >= 0;
            marks.add(new Mark(marker.group(1), asWritten, atEnd, goesOn));
        }
        return marks;
    }

    /** A new nonce: 128 random bits, as 32 lower-case hexadecimal digits. */
    @NonNull
    public static String newNonce() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Without a regular expression, since an audit asks for each of perhaps 100,000 tokens. */
    static boolean isNonce(String text) {
        int length = text.length();
        boolean hexadecimal = length >= 32 && length <= 64;
        boolean base32 = length >= 26 && length <= 52;
        for (int i = 0; i < length && (hexadecimal || base32); i++) {
            char c = text.charAt(i);
            hexadecimal &= isBetween('0', c, '9') || isBetween('a', c, 'f');
            base32 &= isBetween('2', c, '7') || isBetween('a', c, 'z');
        }
        return hexadecimal || base32;
    }

    /** Whether it can be no nonce of hexadecimal digits, but what one of them begins with. */
    static boolean isPart(String text) {
        return text.length() < 2 * BYTES && HEXADECIMAL.matcher(text).matches();
    }

    private static boolean isOfNonce(char c) {
        return isBetween('0', c, '9') || isBetween('a', c, 'z');
    }

    private static boolean isBetween(char first, char c, char last) {
        return c >= first && c <= last;
    }
}
