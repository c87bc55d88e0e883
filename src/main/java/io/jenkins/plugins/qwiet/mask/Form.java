package io.jenkins.plugins.qwiet.mask;

import io.jenkins.plugins.qwiet.api.SecretText;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The bytes that stand for a secret, without their line ends: wherever a text breaks its lines, it holds the same bytes.
 * Immutable; many forms may share an array.
 *
 * <p>Only the beginning has to be in one piece, or each line that ends like some form begins would have to be held back
 * until the next one has begun. What is behind it is a form of its own ({@link #afterFirstPiece}).
 */
final class Form {
    /** By their bytes, as unsigned numbers. */
    static final Comparator<Form> ORDER = Form::compare;

    /** So many bytes of a form stand on one line, at least. */
    static final int FIRST_PIECE = 16;

    private static final int[] NONE = new int[0];

    private final byte[] array;
    private final int begin;
    final int length;
    /** Its first bytes, as {@link #ORDER} has it: those of most others are not looked at. */
    private final long head;
    /** Where a secret of several lines has its own line ends: so many bytes are before each. */
    private final int[] lineEnds;
    /** What it stands for. */
    final SecretText secret;

    private Form(byte[] array, int begin, int length, int[] lineEnds, SecretText secret) {
        this.array = array;
        this.begin = begin;
        this.length = length;
        this.head = head(array, begin, begin + length);
        this.lineEnds = lineEnds;
        this.secret = secret;
    }

    /** Of at least one byte that is no line end; null if there is none. */
    static Form of(byte[] bytes, Lines.Ends ends, SecretText secret) {
        var text = new Lines();
        text.join(bytes, 0, bytes.length, ends);
        if (text.length() == 0) {
            return null;
        }
        int[] lineEnds = text.lineEnds();
        return new Form(
                Arrays.copyOf(text.bytes(), text.length()),
                0,
                text.length(),
                lineEnds.length == 0 ? NONE : lineEnds,
                secret);
    }

    /** What is left of it in any case on the next line when a line ends within its first bytes; null if nothing is. */
    Form afterFirstPiece() {
        return length < FIRST_PIECE
                ? null
                : new Form(array, begin + FIRST_PIECE - 1, length - FIRST_PIECE + 1, NONE, secret);
    }

    /**
     * Parts of it of {@link #FIRST_PIECE} characters each.
     *
     * @param step how many characters from the beginning of one to that of the next
     * @param width how many bytes a character has
     */
    Stream<Form> stretches(int step, int width) {
        return IntStream.iterate(0, at -> at + FIRST_PIECE * width <= length, at -> at + step * width)
                .mapToObj(at -> new Form(array, begin + at, FIRST_PIECE * width, NONE, secret));
    }

    byte at(int index) {
        return array[begin + index];
    }

    /** How many bytes are the same, from the first on, as those of text[at, to). */
    int common(byte[] text, int at, int to) {
        int mismatch = Arrays.mismatch(array, begin, begin + length, text, at, to);
        return mismatch < 0 ? length : mismatch;
    }

    /** Whether it is of a secret that has line ends itself. */
    boolean hasLineEnds() {
        return lineEnds.length > 0;
    }

    /** How many bytes come before the first line end that may stand in it. */
    int firstPiece() {
        return lineEnds.length == 0 ? FIRST_PIECE : Math.min(FIRST_PIECE, Math.max(1, lineEnds[0]));
    }

    /** Whether a text, in which this form's bytes stand, has line ends where the form has them, and none too early. */
    boolean fits(Lines text, int at) {
        if (text.breaksWithin(at, Math.min(firstPiece(), length))) {
            return false;
        }
        for (int lineEnd : lineEnds) {
            if (lineEnd > 0 && lineEnd < length && !text.breaksAt(at + lineEnd)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it stands for the same secret and bytes, with line ends at the same places. */
    boolean doesTheSameAs(Form other) {
        return ORDER.compare(this, other) == 0
                && Arrays.equals(lineEnds, other.lineEnds)
                && secret.equals(other.secret);
    }

    /** The place of the first that sorts behind this one. */
    int firstBehind(SortedForms forms) {
        return forms.firstBehind(array, begin, begin + length);
    }

    private static int compare(Form one, Form other) {
        return one.compare(other.array, other.begin, other.begin + other.length, other.head);
    }

    /** The first bytes of text[from, to) as a number that sorts, unsigned, as they do; what is shorter than a long has zeros behind. */
    static long head(byte[] text, int from, int to) {
        return to == from ? 0 : Long.reverseBytes(Grams.at(text, from, Math.min(Long.BYTES, to - from)));
    }

    /**
     * As {@link #ORDER} has it, with the bytes of a text.
     *
     * @param itsHead the text's {@link #head}
     */
    int compare(byte[] text, int at, int to, long itsHead) {
        return head == itsHead
                ? Arrays.compareUnsigned(array, begin, begin + length, text, at, to)
                : Long.compareUnsigned(head, itsHead);
    }

    long gram(int index, int bytes) {
        return Grams.at(array, begin + index, bytes);
    }
}
