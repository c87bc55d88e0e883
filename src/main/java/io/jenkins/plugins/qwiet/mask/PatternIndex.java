package io.jenkins.plugins.qwiet.mask;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.stream.Stream;

/**
 * Finds where one of many forms stands in a text of {@linkplain Lines joined lines}. Immutable, safe on any thread. One
 * that has some forms more is {@linkplain #with made from it}: what each of them costs does not depend on how many there are,
 * but for copying references.
 *
 * <p>A form of at least <i>w</i> bytes cannot hide between probes that look at <i>g</i> bytes ("a gram") each
 * <i>w - g + 1</i> bytes: one of them falls wholly into the form's first <i>w</i> bytes. So most of a text is never looked
 * at; only around a probe that finds a gram of some form's beginning is each position looked at. With tokens, <i>w</i> is 16
 * and <i>g</i> is 8. At the end of the text, a form that is cut off within its first <i>w</i> bytes can only stand behind
 * the last byte that no form has there.
 *
 * <p>What a position holds is then found by binary search in the sorted forms. A text's predecessor there begins with the
 * longest form that begins the text.
 */
final class PatternIndex {
    static final PatternIndex EMPTY = new PatternIndex(new Form[0]);

    private static final int GRAM = Long.BYTES;
    private static final int WINDOW = Form.FIRST_PIECE;

    private final Form[] forms;
    private final int longest;
    /** The least that any form has before its first line end, or {@link Form#FIRST_PIECE}. */
    private final int firstPiece;

    private final int window;
    private final int gram;
    private final int stride;
    /** Which bytes there are in the forms' windows. Shared, and only growing, as the two sets of grams are. */
    private final boolean[] known;
    /** The grams at each place of each form's window. */
    private final Grams windows;
    /** What forms begin with: their first byte, their first two, and so on up to a gram. */
    private final Grams openings;

    /** Of sorted forms. */
    private PatternIndex(Form[] forms) {
        this.forms = forms;
        longest = longest(forms);
        firstPiece = firstPiece(forms);
        window = Arrays.stream(forms).mapToInt(form -> form.length).reduce(WINDOW, Math::min);
        gram = Math.min(GRAM, (window + 1) / 2);
        stride = window - gram + 1;
        known = new boolean[256];
        // Room for as many again: adding them one by one then makes a new set only when their number has doubled.
        windows = new Grams(2 * forms.length * stride);
        openings = new Grams(2 * forms.length * gram);
        windows.reserve(forms.length * stride);
        openings.reserve(forms.length * gram);
        for (Form form : forms) {
            remember(form);
        }
    }

    /** As another, for forms that it knows the grams of. */
    private PatternIndex(Form[] forms, PatternIndex other) {
        this.forms = forms;
        longest = longest(forms);
        firstPiece = firstPiece(forms);
        window = other.window;
        gram = other.gram;
        stride = other.stride;
        known = other.known;
        windows = other.windows;
        openings = other.openings;
    }

    private static int longest(Form[] forms) {
        int longest = 0;
        for (Form form : forms) {
            longest = Math.max(longest, form.length);
        }
        return longest;
    }

    private static int firstPiece(Form[] forms) {
        int least = Form.FIRST_PIECE;
        for (Form form : forms) {
            least = Math.min(least, form.firstPiece());
        }
        return least;
    }

    private void remember(Form form) {
        for (int i = 0; i < window; i++) {
            known[form.at(i) & 0xFF] = true;
        }
        for (int i = 0; i < stride; i++) {
            windows.add(form.gram(i, gram));
        }
        for (int length = 1; length <= gram; length++) {
            openings.add(form.gram(0, length) + length);
        }
    }

    /** With some forms more, and without some that it has. */
    PatternIndex with(Collection<Form> more, Collection<Form> without) {
        if (more.isEmpty() && without.isEmpty()) {
            return this;
        }
        Form[] added = more.stream().sorted(Form.ORDER).toArray(Form[]::new);
        Form[] kept = forms;
        if (!without.isEmpty()) {
            var dropped = Collections.newSetFromMap(new IdentityHashMap<Form, Boolean>());
            dropped.addAll(without);
            kept = Stream.of(forms).filter(form -> !dropped.contains(form)).toArray(Form[]::new);
        }
        return with(merged(kept, added), added);
    }

    private PatternIndex with(Form[] all, Form[] added) {
        boolean shorter = Stream.of(added).anyMatch(form -> form.length < window);
        if (all.length == 0 || shorter) {
            return new PatternIndex(all);
        }
        // Another thread may add to the same sets, from the same index.
        synchronized (windows) {
            if (!windows.reserve(added.length * stride) || !openings.reserve(added.length * gram)) {
                return new PatternIndex(all);
            }
            for (Form form : added) {
                remember(form);
            }
        }
        return new PatternIndex(all, this);
    }

    private static Form[] merged(Form[] some, Form[] others) {
        var all = new Form[some.length + others.length];
        int next = 0;
        int copied = 0;
        for (Form other : others) {
            int before = firstBehind(some, other, next);
            System.arraycopy(some, next, all, copied, before - next);
            copied += before - next;
            next = before;
            all[copied++] = other;
        }
        System.arraycopy(some, next, all, copied, some.length - next);
        return all;
    }

    private static int firstBehind(Form[] sorted, Form form, int from) {
        int low = from;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Form.ORDER.compare(sorted[middle], form) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    boolean isEmpty() {
        return forms.length == 0;
    }

    /**
     * The first position from one on where a form, or a beginning of one that the text's end cuts off, may stand: {@link
     * #longestAt} and {@link #mayGoOn} tell. The text's length if there is none.
     */
    int next(Lines lines, int from) {
        byte[] text = lines.bytes();
        int to = lines.length();
        if (isEmpty()) {
            return to;
        }
        int unseen = from;
        for (int probe = from + stride - 1; probe + gram <= to; probe += stride) {
            if (windows.mayHave(Grams.at(text, probe, gram))) {
                int at = nextOpening(text, unseen, probe + 1, to);
                if (at <= probe) {
                    return at;
                }
            }
            unseen = probe + 1;
        }
        return nextOpening(text, afterLastUnknown(text, unseen, to), to, to);
    }

    private int afterLastUnknown(byte[] text, int from, int to) {
        int at = to;
        while (at > from && known[text[at - 1] & 0xFF]) {
            at--;
        }
        return at;
    }

    private int nextOpening(byte[] text, int from, int below, int to) {
        int at = from;
        while (at < below) {
            // Distinct for each length, so that "ab" is not taken for the first half of "ab\0\0".
            int length = Math.min(gram, to - at);
            if (openings.mayHave(Grams.at(text, at, length) + length)) {
                return at;
            }
            at++;
        }
        return at;
    }

    /** Whether a form stands in a text. */
    boolean isIn(byte[] text) {
        var lines = new Lines();
        lines.join(text, 0, text.length);
        for (int at = next(lines, 0); at < lines.length(); at = next(lines, at + 1)) {
            if (wholeAt(lines, at) > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * How many bytes have to be hidden at a position of a text: those of the longest form that stands there, or of the
     * beginning of a form that a line ends with; or 0.
     */
    int longestAt(Lines lines, int at) {
        return Math.max(wholeAt(lines, at), begunAt(lines, at));
    }

    /** Of lines that go on as a form does, the last may not have been written yet: they do not wait for it. */
    private int begunAt(Lines lines, int at) {
        int longEnough = at + Form.FIRST_PIECE;
        if (lines.lastBreak(lines.length()) < longEnough || lines.breaksWithin(at, Form.FIRST_PIECE)) {
            return 0;
        }
        int behind = firstBehind(lines.bytes(), at, lines.length());
        int common = Math.max(begun(behind - 1, lines, at), begun(behind, lines, at));
        int end = lines.lastBreak(at + common);
        return end < longEnough ? 0 : end - at;
    }

    private int begun(int form, Lines lines, int at) {
        return form < 0 || form == forms.length || forms[form].hasLineEnds()
                ? 0
                : forms[form].common(lines.bytes(), at, lines.length());
    }

    private int wholeAt(Lines lines, int at) {
        byte[] text = lines.bytes();
        int to = lines.length();
        while (true) {
            int last = firstBehind(text, at, to) - 1;
            if (last < 0) {
                return 0;
            }
            int common = forms[last].common(text, at, to);
            // Several secrets may have the same form.
            for (int i = last; i >= 0 && forms[i].length == common && forms[i].common(text, at, to) == common; i--) {
                if (forms[i].fits(lines, at)) {
                    return common;
                }
            }
            if (common == 0) {
                return 0;
            }
            to = at + Math.min(common, to - at - 1);
        }
    }

    /** Whether the text from a position to its end is the beginning of a form that goes on behind it. */
    boolean mayGoOn(Lines lines, int at) {
        int to = lines.length();
        if (to - at >= longest || lines.breaksWithin(at, firstPiece)) {
            return false;
        }
        byte[] text = lines.bytes();
        for (int i = firstBehind(text, at, to); i < forms.length && forms[i].common(text, at, to) == to - at; i++) {
            if (!lines.breaksWithin(at, Math.min(forms[i].firstPiece(), forms[i].length))) {
                return true;
            }
        }
        return false;
    }

    /** The place among the forms of the first that sorts behind text[at, to). */
    private int firstBehind(byte[] text, int at, int to) {
        int low = 0;
        int high = forms.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (forms[middle].compare(text, at, to) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
