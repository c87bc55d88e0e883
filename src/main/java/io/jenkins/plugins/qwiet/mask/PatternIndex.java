package io.jenkins.plugins.qwiet.mask;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds where one of many forms stands in a text of {@linkplain Lines joined lines}. Immutable, safe on any thread. One
 * that has some forms more is {@linkplain #with made from it}: what each of them costs does not depend on how many there are.
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
    static final PatternIndex EMPTY = new PatternIndex(SortedForms.NONE, List.of());

    private static final Predicate<Form> ANY = form -> true;

    private static final int GRAM = Long.BYTES;
    private static final int WINDOW = Form.FIRST_PIECE;
    /** Roughly: forms share many. */
    private static final int GRAMS_A_FORM = 6;

    private final SortedForms forms;
    private final int count;
    /** No form is longer. */
    private final int longest;
    /** No form has less before its first line end. */
    private final int firstPiece;

    private final int window;
    private final int gram;
    private final int stride;
    /** How many forms there were when the three that follow were made. */
    private final int countAtFirst;
    /** Which bytes there are in the forms' windows. Shared, and only growing, as the two sets of grams are. */
    private final boolean[] known;
    /** The grams at each place of each form's window. */
    private final Grams windows;
    /** What forms begin with: their first byte, their first two, and so on up to a gram. */
    private final Grams openings;

    /**
     * Made anew.
     *
     * @param all the same ones as the sorted
     */
    private PatternIndex(SortedForms forms, Collection<Form> all) {
        this.forms = forms;
        count = all.size();
        countAtFirst = count;
        longest = all.stream().mapToInt(form -> form.length).reduce(0, Math::max);
        firstPiece = all.stream().mapToInt(Form::firstPiece).reduce(Form.FIRST_PIECE, Math::min);
        window = all.stream().mapToInt(form -> form.length).reduce(WINDOW, Math::min);
        gram = Math.min(GRAM, (window + 1) / 2);
        stride = window - gram + 1;
        known = new boolean[256];
        windows = Grams.of(GRAMS_A_FORM * count, grams -> all.forEach(form -> addWindow(form, grams)));
        openings = Grams.of(GRAMS_A_FORM * count, grams -> all.forEach(form -> addOpenings(form, grams)));
    }

    /** From another, which knows the grams of all these forms. */
    private PatternIndex(SortedForms forms, int count, Collection<Form> added, PatternIndex other) {
        this.forms = forms;
        this.count = count;
        longest = added.stream().mapToInt(form -> form.length).reduce(other.longest, Math::max);
        firstPiece = added.stream().mapToInt(Form::firstPiece).reduce(other.firstPiece, Math::min);
        window = other.window;
        gram = other.gram;
        stride = other.stride;
        countAtFirst = other.countAtFirst;
        known = other.known;
        windows = other.windows;
        openings = other.openings;
    }

    private void addWindow(Form form, Grams to) {
        for (int i = 0; i < window; i++) {
            known[form.at(i) & 0xFF] = true;
        }
        for (int i = 0; i < stride; i++) {
            to.add(form.gram(i, gram));
        }
    }

    private void addOpenings(Form form, Grams to) {
        for (int length = 1; length <= gram; length++) {
            to.add(form.gram(0, length) + length);
        }
    }

    /** With some forms more, and without some that it has. */
    PatternIndex with(Collection<Form> more, Collection<Form> without) {
        if (more.isEmpty() && without.isEmpty()) {
            return this;
        }
        SortedForms now = forms.without(without).with(more);
        int countNow = count - without.size() + more.size();
        // What only forms had that are gone slows the others down, so it is not kept for ever.
        if (2 * countNow < countAtFirst || more.stream().anyMatch(form -> form.length < window)) {
            return new PatternIndex(now, all(now));
        }
        // Another thread may add to the same sets, from the same index.
        synchronized (windows) {
            if (!more.isEmpty() && (windows.isFull() || openings.isFull())) {
                return new PatternIndex(now, all(now));
            }
            more.forEach(form -> addWindow(form, windows));
            more.forEach(form -> addOpenings(form, openings));
        }
        return new PatternIndex(now, countNow, more, this);
    }

    private static List<Form> all(SortedForms forms) {
        List<Form> all = new ArrayList<>();
        for (int place = 0; place < forms.end(); place = forms.after(place)) {
            all.add(forms.at(place));
        }
        return all;
    }

    boolean isEmpty() {
        return count == 0;
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
        // Of a line that has ended, too short a rest is no form, and no beginning of one that may go on.
        int below = lines.lastBreak(to) == to ? Math.max(unseen, to - Math.min(window, firstPiece) + 1) : to;
        int last = afterLastUnknown(text, unseen, to);
        int at = last < below ? nextOpening(text, last, below, to) : to;
        return at < below ? at : to;
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
    boolean isIn(Lines lines) {
        for (int at = next(lines, 0); at < lines.length(); at = next(lines, at + 1)) {
            if (wholeAt(lines, at) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Hands over each form that stands in a text, also those within others; one perhaps several times. */
    void forEachIn(Lines lines, Consumer<Form> action) {
        Predicate<Form> handOver = form -> {
            action.accept(form);
            return false;
        };
        for (int at = next(lines, 0); at < lines.length(); at = next(lines, at + 1)) {
            wholeAt(lines, at, handOver);
        }
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
        int behind = forms.firstBehind(lines.bytes(), at, lines.length());
        // A secret that has line ends itself may sort between.
        int before = forms.before(behind);
        while (before >= 0 && forms.at(before).hasLineEnds()) {
            before = forms.before(before);
        }
        while (behind < forms.end() && forms.at(behind).hasLineEnds()) {
            behind = forms.after(behind);
        }
        int common = Math.max(begun(before, lines, at), begun(behind, lines, at));
        int end = lines.lastBreak(at + common);
        return end < longEnough ? 0 : end - at;
    }

    private int begun(int place, Lines lines, int at) {
        return place < 0 || place == forms.end() ? 0 : forms.at(place).common(lines.bytes(), at, lines.length());
    }

    private int wholeAt(Lines lines, int at) {
        return wholeAt(lines, at, ANY);
    }

    /** The length of the longest form that stands there and is wanted; 0 if none is. */
    private int wholeAt(Lines lines, int at, Predicate<Form> isWanted) {
        byte[] text = lines.bytes();
        int to = lines.length();
        if (to - at < window) {
            // No form is shorter. Most of what may begin at the end of a short text is looked at in vain.
            return 0;
        }
        while (true) {
            int last = forms.before(forms.firstBehind(text, at, to));
            if (last < 0) {
                return 0;
            }
            int common = forms.at(last).common(text, at, to);
            // Several secrets may have the same form.
            for (int i = last; i >= 0 && isWhole(forms.at(i), common, text, at, to); i = forms.before(i)) {
                if (forms.at(i).fits(lines, at) && isWanted.test(forms.at(i))) {
                    return common;
                }
            }
            if (common == 0) {
                return 0;
            }
            to = at + Math.min(common, to - at - 1);
        }
    }

    private static boolean isWhole(Form form, int length, byte[] text, int at, int to) {
        return form.length == length && form.common(text, at, to) == length;
    }

    /** Whether the text from a position to its end is the beginning of a form that goes on behind it. */
    boolean mayGoOn(Lines lines, int at) {
        int to = lines.length();
        if (to - at >= longest || lines.breaksWithin(at, firstPiece)) {
            return false;
        }
        byte[] text = lines.bytes();
        int place = forms.firstBehind(text, at, to);
        for (; place < forms.end() && forms.at(place).common(text, at, to) == to - at; place = forms.after(place)) {
            Form form = forms.at(place);
            if (!lines.breaksWithin(at, Math.min(form.firstPiece(), form.length))) {
                return true;
            }
        }
        return false;
    }
}
