package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a token comes from, as its description in Qwiet tells: {@code <user's text> <build's URL> [jenkins:<nonce>]}.
 *
 * <p>A user's text may hold something that looks like a marker. Only the last one counts, and {@link #describe} always
 * writes its own after the user's text. A nonce is 128 bits or more, as 32 to 64 lower-case hexadecimal digits or 26 to
 * 52 characters of lower-case base32; anything else is not trusted to be one.
 *
 * @param buildUrl the URL of the build that the token was made for; empty if Jenkins did not know it
 * @param nonce the name of its lease
 */
public record TokenDescription(
        @NonNull String buildUrl, @NonNull String nonce) {
    private static final String OPENING = "[jenkins:";
    private static final String CLOSING = "]";
    private static final String NO_URL = "-";
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

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
            throw new IllegalArgumentException("A nonce needs 128 bits in lower-case hexadecimal or base32.");
        }
        // One word, whatever it is: the reader takes the word before the marker.
        String url = BLANKS.matcher(buildUrl.strip()).replaceAll("%20");
        String origin = (url.isEmpty() ? NO_URL : url) + " " + OPENING + nonce + CLOSING;
        return userText == null || userText.isBlank() ? origin : userText.strip() + " " + origin;
    }

    /** Reads a description; empty if it was not written by {@link #describe}. */
    @NonNull
    public static Optional<TokenDescription> parse(@NonNull String description) {
        int opening = description.lastIndexOf(OPENING);
        int closing = opening < 0 ? -1 : description.indexOf(CLOSING, opening);
        if (closing < 0) {
            return Optional.empty();
        }
        String nonce = description.substring(opening + OPENING.length(), closing);
        String before = description.substring(0, opening).stripTrailing();
        if (!isNonce(nonce) || before.isEmpty() || before.length() == opening) {
            return Optional.empty();
        }
        int wordEnd = before.length();
        int wordStart = wordEnd;
        while (wordStart > 0 && !Character.isWhitespace(before.charAt(wordStart - 1))) {
            wordStart--;
        }
        String url = before.substring(wordStart, wordEnd);
        return Optional.of(new TokenDescription(url.equals(NO_URL) ? "" : url, nonce));
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

    private static boolean isBetween(char first, char c, char last) {
        return c >= first && c <= last;
    }
}
