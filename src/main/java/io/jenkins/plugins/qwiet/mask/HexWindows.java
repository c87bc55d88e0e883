package io.jenkins.plugins.qwiet.mask;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which {@value #DIGITS} hexadecimal digits, one after the other, are of a secret: each eight bytes that follow each other
 * in what is secret of it, as numbers. Immutable, safe on any thread. {@link HexSearch} looks for them.
 *
 * <p>Also in the order in which tools print words of two, four and eight bytes on most machines, the last byte first
 * ({@code hexdump}, {@code od -x}), and with a zero behind each character, as UTF-16 has it.
 */
final class HexWindows {
    static final HexWindows NONE = new HexWindows(List.of());

    static final int DIGITS = 16;
    private static final int BYTES = DIGITS / 2;
    /** Roughly: windows share many. */
    private static final int EIGHTS_A_WINDOW = 3;

    /**
     * Each sorted, as unsigned numbers or signed ones, which is the same for them; a window stands there as often as secrets
     * have it. One is at least twice as long as the next, so that there are few, and a secret more is merged with little.
     */
    private final List<long[]> runs;

    private final boolean isEmpty;

    /** What they have, and perhaps had. Shared, and only growing: it is looked at first. */
    private final Grams all;

    /** The same of eight digits that follow each other in a window, as {@link HexSearch#spread} has them. */
    private final Grams eights;

    /** How many there were when that was made. */
    private final int countAtFirst;

    /** Made anew. */
    private HexWindows(List<long[]> runs) {
        this.runs = runs;
        countAtFirst = count(runs);
        isEmpty = countAtFirst == 0;
        all = Grams.of(countAtFirst, grams -> runs.forEach(run -> add(run, grams)));
        eights = Grams.of(EIGHTS_A_WINDOW * countAtFirst, grams -> runs.forEach(run -> addEights(run, grams)));
    }

    /** From another, whose set knows all of these. */
    private HexWindows(List<long[]> runs, HexWindows other) {
        this.runs = runs;
        isEmpty = count(runs) == 0;
        countAtFirst = other.countAtFirst;
        all = other.all;
        eights = other.eights;
    }

    private static int count(List<long[]> runs) {
        return runs.stream().mapToInt(run -> run.length).sum();
    }

    private static void add(long[] windows, Grams to) {
        for (long window : windows) {
            to.add(window);
        }
    }

    /** Whether digits can be told in a charset: each is its byte in ASCII, perhaps with zeros around it. */
    static boolean canBeIn(Charset charset) {
        String digits = "09afAF";
        return Mask.bytes(digits, charset)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).replace("\0", ""))
                .filter(digits::equals)
                .isPresent();
    }

    /**
     * All windows of one secret, of which each part is secret; in no order. Those of what Base64 makes of it too: a dump of a
     * {@code Basic} authorization has no others.
     */
    static long[] of(String core) {
        LongStream encoded = Base64Forms.settledOf(core).stream().flatMapToLong(HexWindows::inEachOrder);
        LongStream wide = windows(core.getBytes(StandardCharsets.UTF_16LE), 2, 1);
        // Both alphabets of Base64 have most windows.
        return LongStream.concat(inEachOrder(core), LongStream.concat(encoded, wide))
                .distinct()
                .toArray();
    }

    private static LongStream inEachOrder(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return IntStream.of(1, 2, 4, 8)
                .mapToObj(size -> windows(bytes, 1, size))
                .flatMapToLong(each -> each);
    }

    private static LongStream windows(byte[] bytes, int step, int wordSize) {
        return IntStream.iterate(0, at -> at + BYTES <= bytes.length, at -> at + step)
                .mapToLong(at -> window(bytes, at, wordSize));
    }

    private static long window(byte[] bytes, int at, int wordSize) {
        long window = 0;
        for (int i = 0; i < BYTES; i++) {
            int inWord = i % wordSize;
            window = window << Byte.SIZE | bytes[at + i - inWord + wordSize - 1 - inWord] & 0xFF;
        }
        return window;
    }

    private static void addEights(long[] windows, Grams to) {
        for (long window : windows) {
            for (int shift = 0; shift <= Integer.SIZE; shift += 4) {
                to.add(HexSearch.spread(window >>> shift));
            }
        }
    }

    /** With those of some secrets more, and without those of some that it has. */
    HexWindows with(Collection<long[]> more, Collection<long[]> without) {
        long[] added = sorted(more);
        long[] gone = sorted(without);
        if (added.length == 0 && gone.length == 0) {
            return this;
        }
        var now = new ArrayList<long[]>(gone.length == 0 ? runs : List.of(without(gone)));
        now.add(added);
        while (now.size() > 1 && now.get(now.size() - 2).length < 2 * now.get(now.size() - 1).length) {
            long[] last = now.remove(now.size() - 1);
            now.add(merged(now.remove(now.size() - 1), last));
        }
        // What is only of those that are gone slows others down, so it is not kept for ever.
        if (2 * count(now) < countAtFirst) {
            return new HexWindows(now);
        }
        // Another thread may add to the same set.
        synchronized (all) {
            if (all.isFull() || eights.isFull()) {
                return new HexWindows(now);
            }
            add(added, all);
            addEights(added, eights);
        }
        return new HexWindows(now, this);
    }

    private long[] without(long[] gone) {
        long[] each = runs.stream().reduce(new long[0], HexWindows::merged);
        var kept = new long[each.length - gone.length];
        int next = 0;
        int to = 0;
        for (long window : each) {
            if (next < gone.length && gone[next] == window) {
                next++;
            } else {
                kept[to++] = window;
            }
        }
        return kept;
    }

    private static long[] merged(long[] some, long[] others) {
        var both = Arrays.copyOf(some, some.length + others.length);
        int to = both.length - 1;
        int one = some.length - 1;
        for (int other = others.length - 1; other >= 0; to--) {
            both[to] = one >= 0 && some[one] > others[other] ? some[one--] : others[other--];
        }
        return both;
    }

    private static long[] sorted(Collection<long[]> some) {
        return some.stream().flatMapToLong(LongStream::of).sorted().toArray();
    }

    boolean isEmpty() {
        return isEmpty;
    }

    /** Whether digits of a secret stand in a text. */
    boolean isIn(Lines lines) {
        var search = new HexSearch();
        search.search(lines, this, false);
        return search.count() > 0;
    }

    /** Those digits of a secret that stand in a text, sorted; one perhaps several times. */
    long[] in(Lines lines) {
        LongStream.Builder found = LongStream.builder();
        var search = new HexSearch();
        search.each = found;
        search.search(lines, this, false);
        return found.build().sorted().toArray();
    }

    /** Whether eight digits, as {@link HexSearch#spread} has them, may be in one; it may be wrong if it says yes. */
    boolean mayHaveEight(long digits) {
        return eights.mayHave(digits);
    }

    boolean has(long digits) {
        if (!all.mayHave(digits)) {
            return false;
        }
        for (long[] run : runs) {
            if (Arrays.binarySearch(run, digits) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether one begins with so many digits, the last ones of a number. */
    boolean hasBegunWith(long digits, int count) {
        int others = (DIGITS - count) * 4;
        long first = digits << others;
        if (first < 0) {
            return false;
        }
        for (long[] run : runs) {
            int at = Arrays.binarySearch(run, first);
            int place = at < 0 ? -at - 1 : at;
            if (place < run.length && run[place] >>> others == first >>> others) {
                return true;
            }
        }
        return false;
    }
}
