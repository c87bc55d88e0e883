package io.jenkins.plugins.qwiet.api;

/** The first reading of a list, and the second where that came in pages. For one thread at a time. */
final class Readings {
    /** Of which a page was asked for last. */
    private Reading current;
    /** The first one, once the second has begun. */
    private Reading before;
    /** Whether the first one may have shown all that there was at one moment. */
    private boolean throughBefore;

    /** @param now by a monotonic source, in nanoseconds */
    Readings(long now) {
        current = new Reading(now);
    }

    Reading current() {
        return current;
    }

    /** Begins the second one. */
    void again(long now) {
        before = current;
        current = new Reading(now);
    }

    /** @param onPage tokens on the page that says this */
    void join(Announced page, long onPage) {
        if (before != null && current.pages() == 1) {
            before.joinAfter(page, onPage);
        }
        current.join(page, onPage);
    }

    /**
     * Whether nothing is missing on any page, but for what moved meanwhile.
     *
     * @param complete whether all pages together have as many tokens as any of them says
     * @param toItsEnd whether no page says that something is missing, and the last one not that there is more
     * @param different tokens that were seen
     */
    boolean isThrough(boolean complete, boolean toItsEnd, long different) {
        if (mayHaveMoved(current, toItsEnd, different)) {
            return true;
        }
        // Both together may have as many as there were at once: that proves nothing if neither was through.
        return complete && wasFirstThrough(toItsEnd, different);
    }

    /**
     * Whether the first reading, if there was another, showed as many as were said to be there at its beginning, and as many as
     * at its end: that a token was made meanwhile, or in the second one, makes up for none that it lacked.
     */
    boolean hadFirstAll() {
        return before == null || before.hadAll();
    }

    private boolean wasFirstThrough(boolean toItsEnd, long different) {
        return before == null || throughBefore || mayHaveMoved(before, toItsEnd, different);
    }

    /**
     * Whether another reading may tell more of the list than this, the first one.
     *
     * @param through as {@link #isThrough} says
     * @param toItsEnd as there
     */
    boolean areToGoOn(boolean through, boolean toItsEnd) {
        if (before != null || current.pages() == 1) {
            return false;
        }
        // One token may have taken another's place.
        throughBefore = through || mayHaveMoved(current, toItsEnd, Long.MAX_VALUE);
        return throughBefore || toItsEnd && current.mayHaveShrunk();
    }

    private boolean mayHaveMoved(Reading of, boolean toItsEnd, long different) {
        return (before != null || of.pages() > 1) && toItsEnd && of.isThrough(different);
    }
}
