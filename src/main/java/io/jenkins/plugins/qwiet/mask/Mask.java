package io.jenkins.plugins.qwiet.mask;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What must not be seen: some secrets in all their forms, compiled for texts of one charset. Immutable, safe on any
 * thread. Building one costs a millisecond or two a token, so keep it until the secrets change; {@link #with} costs
 * that for each secret that is new, however many there are.
 *
 * <p>A form is hidden in lines of any width too, with LF or CRLF between them: {@code ****} on each. If a line ends before
 * the first {@value Form#FIRST_PIECE} characters of it are complete, all of these but the last may stay. A line that ends with
 * so many characters of its beginning is hidden even if the next one does not go on with it. Hexadecimal digits are hidden in
 * each piece of {@value HexWindows#DIGITS} of a line, whatever stands between them: see {@link HexSearch}.
 *
 * <p>Hits that overlap are hidden together, by one {@code ****}; each of two that only touch gets its own. So nothing of
 * a hit is ever left, whether secrets contain or overlap each other.
 */
public final class Mask {
    static final String STARS = "****";
    /** A text that a charset can write in part only must keep this many characters, or its "???" would hide others. */
    private static final int SHORTEST_IN_PART = 8;

    /** Bytes of an escaped UTF-16 unit: a backslash, a u and four digits. */
    private static final int ESCAPED_UNIT = 6;

    private static final Mask NONE =
            new Mask(Map.of(), PatternIndex.EMPTY, HexWindows.NONE, StandardCharsets.UTF_8, null);

    private final Charset charset;
    private final Map<SecretText, EncodedSecret> forms;
    private final PatternIndex index;
    private final HexWindows hex;
    private final byte[] stars;
    private final Lines.Ends lineEnds;
    /** The same secrets in UTF-8, in which every text can be written. */
    private final Mask forText;

    /**
     * @param forText null if this one is for UTF-8 itself
     */
    private Mask(
            Map<SecretText, EncodedSecret> forms, PatternIndex index, HexWindows hex, Charset charset, Mask forText) {
        this.charset = charset;
        this.forms = forms;
        this.index = index;
        this.hex = hex;
        this.lineEnds = Lines.Ends.in(charset);
        this.stars = bytes(STARS, charset).orElseGet(() -> STARS.getBytes(charset));
        this.forText = forText == null ? this : forText;
    }

    /** Hides these bytes, whatever they stand for; used by tests. */
    static Mask ofBytes(Collection<byte[]> forms) {
        SecretText secret = SecretText.of("");
        List<Form> all = forms.stream()
                .map(bytes -> Form.of(bytes, Lines.Ends.ASCII, secret))
                .filter(Objects::nonNull)
                .toList();
        return new Mask(
                Map.of(secret, new EncodedSecret(all, new long[0])),
                PatternIndex.EMPTY.with(all, List.of()),
                HexWindows.NONE,
                StandardCharsets.UTF_8,
                null);
    }

    /**
     * @param secrets blank ones hide nothing
     * @param charset in which the log is written; secrets are compared byte by byte
     */
    @NonNull
    public static Mask of(@NonNull Collection<SecretText> secrets, @NonNull Charset charset) {
        Mask ofNothing = charset.equals(StandardCharsets.UTF_8)
                ? NONE
                : new Mask(Map.of(), PatternIndex.EMPTY, HexWindows.NONE, charset, NONE);
        return ofNothing.with(secrets);
    }

    /** As {@link #of(Collection, Charset)}; in UTF-8 where this Java lacks the charset, as those of small agents do. */
    @NonNull
    public static Mask of(@NonNull Collection<SecretText> secrets, @NonNull String charset) {
        return of(secrets, Charset.isSupported(charset) ? Charset.forName(charset) : StandardCharsets.UTF_8);
    }

    /** A mask of other secrets, for the same charset; those that this one hides too cost next to nothing. */
    @NonNull
    public Mask with(@NonNull Collection<SecretText> secrets) {
        return with(secrets, Map.of());
    }

    /**
     * A mask of other secrets, as {@link #with(Collection)}; but what the masks of these secrets know of them is not made anew
     * either.
     *
     * @param secrets each with a mask that hides it
     */
    @NonNull
    public Mask with(@NonNull Map<SecretText, Mask> secrets) {
        return with(secrets.keySet(), secrets);
    }

    private Mask with(Collection<SecretText> secrets, Map<SecretText, Mask> others) {
        var now = new LinkedHashMap<SecretText, EncodedSecret>();
        var more = new ArrayList<EncodedSecret>();
        int kept = 0;
        for (SecretText secret : secrets) {
            if (now.containsKey(secret)) {
                continue;
            }
            EncodedSecret known = forms.get(secret);
            EncodedSecret all = known == null ? encoded(secret, others.get(secret)) : known;
            now.put(secret, all);
            if (known == null) {
                more.add(all);
            } else {
                kept++;
            }
        }
        var without = new ArrayList<EncodedSecret>();
        if (kept < forms.size()) {
            forms.forEach((secret, all) -> {
                if (!now.containsKey(secret)) {
                    without.add(all);
                }
            });
        }
        return new Mask(
                now,
                index.with(formsOf(more), formsOf(without)),
                hex.with(digitsOf(more), digitsOf(without)),
                charset,
                forText == this ? null : forText.with(secrets, others));
    }

    private EncodedSecret encoded(SecretText secret, Mask other) {
        Mask same = other == null || other.charset.equals(charset) ? other : other.forText;
        EncodedSecret known = same == null || !same.charset.equals(charset) ? null : same.forms.get(secret);
        return known == null ? EncodedSecret.of(secret, charset, lineEnds) : known;
    }

    private static List<Form> formsOf(List<EncodedSecret> some) {
        return some.stream().flatMap(encoded -> encoded.forms().stream()).toList();
    }

    private static List<long[]> digitsOf(List<EncodedSecret> some) {
        return some.stream().map(EncodedSecret::digits).toList();
    }

    /** Whether it hides this one, in all forms. */
    public boolean hides(@NonNull SecretText secret) {
        return forms.containsKey(secret);
    }

    /** A mask that hides nothing. */
    @NonNull
    public static Mask none() {
        return NONE;
    }

    /** Whether it hides nothing. */
    public boolean isEmpty() {
        return index.isEmpty();
    }

    /**
     * The text with {@code ****} in place of each form of a secret: for exceptions' messages and the like. The same object
     * if there is none; otherwise a surrogate without its partner becomes a question mark.
     */
    @NonNull
    public String hide(@NonNull String text) {
        if (!reveals(text)) {
            return text;
        }
        return hide(text.getBytes(StandardCharsets.UTF_8), false).toString(StandardCharsets.UTF_8);
    }

    /**
     * The text with a star in place of each byte of each form of a secret, so that all other bytes stay where they are: for a
     * file that somebody else may be writing. The same object if there is none. An escape of which a part is hidden, be it of two
     * bytes or of six, is hidden whole: what is left would be no JSON.
     *
     * @param text in UTF-8, or another charset that has ASCII's bytes
     */
    @NonNull
    public byte[] hideInPlace(@NonNull byte[] text) {
        if (!reveals(text)) {
            return text;
        }
        byte[] hidden = hide(text, true).toByteArray();
        for (int at = 0, next; at < text.length; at = next) {
            next = endOfEscape(text, at);
            if (!Arrays.equals(text, at, next, hidden, at, next)) {
                Arrays.fill(hidden, at, next, (byte) '*');
            }
        }
        return hidden;
    }

    /** Behind the escape of JSON, or of another language with such, that begins there; or behind the one byte. */
    private static int endOfEscape(byte[] text, int at) {
        if (text[at] != '\\' || at + 1 == text.length) {
            return at + 1;
        }
        int end = at + ESCAPED_UNIT;
        boolean isUnit = text[at + 1] == 'u' && end <= text.length;
        for (int digit = at + 2; isUnit && digit < end; digit++) {
            isUnit = HexFormat.isHexDigit(text[digit]);
        }
        return isUnit ? end : at + 2;
    }

    private ByteArrayOutputStream hide(byte[] text, boolean keepsLength) {
        var hidden = new ByteArrayOutputStream(text.length);
        try (var masking = new MaskingOutputStream(hidden, () -> forText, keepsLength)) {
            masking.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException("An array cannot fail to be written", e);
        }
        return hidden;
    }

    /** Whether a form of a secret stands in the text. */
    public boolean reveals(@NonNull String text) {
        return !isEmpty() && reveals(text.getBytes(StandardCharsets.UTF_8));
    }

    private boolean reveals(byte[] text) {
        if (isEmpty()) {
            return false;
        }
        Lines lines = linesOf(text);
        return forText.index.isIn(lines) || forText.hex.isIn(lines);
    }

    /** Of which secrets a form stands in the text. Costs hardly more if there are many secrets. */
    @NonNull
    public Set<SecretText> revealedBy(@NonNull String text) {
        if (isEmpty()) {
            return Set.of();
        }
        var found = new HashSet<SecretText>();
        Lines lines = linesOf(text.getBytes(StandardCharsets.UTF_8));
        forText.index.forEachIn(lines, form -> found.add(form.secret));
        long[] digits = forText.hex.in(lines);
        if (digits.length > 0) {
            forText.forms.forEach((secret, encoded) -> {
                if (encoded.hasAnyOf(digits)) {
                    found.add(secret);
                }
            });
        }
        return found;
    }

    private static Lines linesOf(byte[] bytes) {
        var lines = new Lines();
        lines.join(bytes, 0, bytes.length, Lines.Ends.ASCII);
        return lines;
    }

    PatternIndex index() {
        return index;
    }

    HexWindows hex() {
        return hex;
    }

    byte[] stars() {
        return stars;
    }

    Lines.Ends lineEnds() {
        return lineEnds;
    }

    /** Says nothing of the secrets, not even how many there are. */
    @Override
    public String toString() {
        return isEmpty() ? "Mask of nothing" : "Mask";
    }

    /**
     * The bytes by which a charset writes a text in mid-stream: without byte order mark (so UTF-16 and UTF-32 are
     * big-endian, as Java writes them). Characters that the charset lacks become its replacement, as they do when a log is
     * written in it; empty if hardly anything else is left.
     */
    static Optional<byte[]> bytes(String text, Charset charset) {
        if (!charset.canEncode()) {
            // Decoders only, such as ISO-2022-CN; nothing can have been written in it.
            return Optional.of(text.getBytes(StandardCharsets.UTF_8));
        }
        CharsetEncoder encoder = charset.newEncoder();
        if (!encoder.canEncode(text)) {
            long kept = text.codePoints()
                    .filter(c -> encoder.canEncode(Character.toString(c)))
                    .count();
            if (kept < SHORTEST_IN_PART) {
                return Optional.empty();
            }
        }
        byte[] alone = " ".getBytes(charset);
        byte[] bytes = (" " + text).getBytes(charset);
        return Optional.of(Arrays.copyOfRange(bytes, alone.length, bytes.length));
    }
}
