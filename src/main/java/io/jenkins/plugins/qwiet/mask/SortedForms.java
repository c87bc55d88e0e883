package io.jenkins.plugins.qwiet.mask;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Many forms, {@linkplain Form#ORDER sorted}; the same one may be there several times. Immutable: one with some forms more
 * shares with this one all pieces but those that they go into, so that it costs hardly more if there are many.
 *
 * <p>A place among them is a number: of the piece, and within it. Places grow in the order of the forms, not by one.
 */
final class SortedForms {
    static final SortedForms NONE = new SortedForms(new Form[0][]);

    private static final int PIECE_BITS = 6;
    private static final int LONGEST_PIECE = 1 << PIECE_BITS;

    /** Each of at least one form, and no more than {@link #LONGEST_PIECE}. */
    private final Form[][] pieces;

    private SortedForms(Form[][] pieces) {
        this.pieces = pieces;
    }

    boolean isEmpty() {
        return pieces.length == 0;
    }

    /** The place behind the last. */
    int end() {
        return pieces.length << PIECE_BITS;
    }

    Form at(int place) {
        return pieces[place >> PIECE_BITS][place & LONGEST_PIECE - 1];
    }

    int after(int place) {
        int piece = place >> PIECE_BITS;
        return (place & LONGEST_PIECE - 1) + 1 < pieces[piece].length ? place + 1 : piece + 1 << PIECE_BITS;
    }

    /** Also of the end; negative if there is none. */
    int before(int place) {
        if ((place & LONGEST_PIECE - 1) > 0) {
            return place - 1;
        }
        int piece = (place >> PIECE_BITS) - 1;
        return piece < 0 ? -1 : (piece << PIECE_BITS) + pieces[piece].length - 1;
    }

    /** The place of the first that sorts behind text[at, to). */
    int firstBehind(byte[] text, int at, int to) {
        long head = Form.head(text, at, to);
        int piece = pieceOf(text, at, to, head);
        if (piece < 0) {
            return 0;
        }
        Form[] forms = pieces[piece];
        int low = 1;
        int high = forms.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (forms[middle].compare(text, at, to, head) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < forms.length ? (piece << PIECE_BITS) + low : piece + 1 << PIECE_BITS;
    }

    /** The last piece that does not begin behind a text; -1 if all do. */
    private int pieceOf(byte[] text, int at, int to, long head) {
        int low = 0;
        int high = pieces.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pieces[middle][0].compare(text, at, to, head) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The last piece that does not begin behind a form, from one on that does not; negative if all do. */
    private int pieceOf(Form form, int from) {
        int low = from;
        int high = pieces.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Form.ORDER.compare(pieces[middle][0], form) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** With some more. */
    SortedForms with(Collection<Form> more) {
        if (more.isEmpty()) {
            return this;
        }
        Form[] added = more.stream().sorted(Form.ORDER).toArray(Form[]::new);
        List<Form[]> all = new ArrayList<>(pieces.length + added.length);
        int piece = 0;
        int next = 0;
        while (next < added.length) {
            int into = Math.max(0, pieceOf(added[next], piece));
            while (piece < Math.min(into, pieces.length)) {
                append(all, pieces[piece++]);
            }
            int first = next++;
            while (next < added.length
                    && (into + 1 >= pieces.length || Form.ORDER.compare(added[next], pieces[into + 1][0]) < 0)) {
                next++;
            }
            append(all, merged(into < pieces.length ? pieces[piece++] : new Form[0], added, first, next));
        }
        while (piece < pieces.length) {
            append(all, pieces[piece++]);
        }
        return new SortedForms(all.toArray(Form[][]::new));
    }

    private static Form[] merged(Form[] some, Form[] others, int from, int to) {
        var all = new Form[some.length + to - from];
        int taken = 0;
        for (int i = from; i < to; i++) {
            int found = Arrays.binarySearch(some, taken, some.length, others[i], Form.ORDER);
            int before = found < 0 ? -found - 1 : found;
            System.arraycopy(some, taken, all, taken + i - from, before - taken);
            taken = before;
            all[taken + i - from] = others[i];
        }
        System.arraycopy(some, taken, all, taken + to - from, some.length - taken);
        return all;
    }

    /** Without some that it has: for each of these, without one that does the same. */
    SortedForms without(Collection<Form> fewer) {
        if (fewer.isEmpty()) {
            return this;
        }
        var dropped = new BitSet(end());
        fewer.forEach(form -> dropped.set(placeOf(form, dropped)));
        List<Form[]> all = new ArrayList<>(pieces.length);
        for (int piece = 0; piece < pieces.length; piece++) {
            int begin = piece << PIECE_BITS;
            Form[] forms = pieces[piece];
            if (dropped.nextClearBit(begin) >= begin + forms.length) {
                continue;
            }
            int first = dropped.nextSetBit(begin);
            if (first < 0 || first >= begin + forms.length) {
                append(all, forms);
                continue;
            }
            var kept = new ArrayList<Form>(forms.length);
            for (int i = 0; i < forms.length; i++) {
                if (!dropped.get(begin + i)) {
                    kept.add(forms[i]);
                }
            }
            append(all, kept.toArray(Form[]::new));
        }
        return new SortedForms(all.toArray(Form[][]::new));
    }

    private int placeOf(Form form, BitSet dropped) {
        int place = before(form.firstBehind(this));
        while (dropped.get(place) || !at(place).doesTheSameAs(form)) {
            place = before(place);
        }
        return place;
    }

    /** Cut if it is too long for a piece, and together with the last one if both are short. */
    private static void append(List<Form[]> all, Form[] forms) {
        Form[] last = all.isEmpty() ? null : all.get(all.size() - 1);
        if (last != null && last.length + forms.length <= LONGEST_PIECE / 2) {
            Form[] both = Arrays.copyOf(last, last.length + forms.length);
            System.arraycopy(forms, 0, both, last.length, forms.length);
            all.set(all.size() - 1, both);
        } else if (forms.length <= LONGEST_PIECE) {
            if (forms.length > 0) {
                all.add(forms);
            }
        } else {
            for (int i = 0; i < forms.length; i += LONGEST_PIECE / 2) {
                all.add(Arrays.copyOfRange(forms, i, Math.min(forms.length, i + LONGEST_PIECE / 2)));
            }
        }
    }
}
