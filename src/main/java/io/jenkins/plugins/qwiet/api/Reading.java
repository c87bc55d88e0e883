package io.jenkins.plugins.qwiet.api;

import java.util.HashSet;
import java.util.Set;
import okhttp3.HttpUrl;

/** One reading of a list from its first page to its last. For one thread at a time. */
final class Reading {
    private static final int MOST_PAGES = 1_000;

    private final Set<HttpUrl> asked = new HashSet<>();
    private final Announced announced = new Announced();
    private final Announced most = new Announced();
    private final long begunAt;
    /** What the page says that was read last, and no other. */
    private Announced last = new Announced();

    private long read;

    /** @param now by a monotonic source, in nanoseconds */
    Reading(long now) {
        begunAt = now;
    }

    long begunAt() {
        return begunAt;
    }

    void ask(HttpUrl page) {
        asked.add(page);
    }

    /** Whether a page may be asked for too: it was not yet, and there are not too many. */
    boolean goesOn(HttpUrl page) {
        return asked.size() < MOST_PAGES && !asked.contains(page);
    }

    int pages() {
        return asked.size();
    }

    /** @param onPage tokens on the page that says this */
    void join(Announced page, long onPage) {
        announced.joinLeast(page, onPage);
        announced.read(onPage);
        most.join(page);
        last = page;
        read += onPage;
    }

    /**
     * Takes what was said right after it ended: many servers name a total on a first page only, and so the first page of the
     * next reading tells what the last one of this would have.
     *
     * @param onPage tokens on the page that says this
     */
    void joinAfter(Announced page, long onPage) {
        announced.joinLeast(page, onPage);
        most.join(page);
    }

    /** Whether it showed no less than any of its pages says. */
    boolean hadAll() {
        return most.isIn(read, pages());
    }

    /**
     * Whether there were, at one moment of it, no more tokens than it showed, by all that its pages say.
     *
     * @param different tokens that were seen; without a bound where one may have taken another's place
     */
    boolean isThrough(long different) {
        return announced.wasRead(different, pages());
    }

    /** Whether only pages before the last one say that there is more: that was another moment, and may have been true then. */
    boolean mayHaveShrunk() {
        return pages() > 1 && last.isIn(read, pages());
    }
}
