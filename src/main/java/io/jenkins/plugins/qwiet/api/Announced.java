package io.jenkins.plugins.qwiet.api;

/**
 * How much pages say that a list has. While it is read, tokens are made and deleted, and what its pages say of it changes:
 * for one page, for several by {@link #join}, or for one reading of several by {@link #joinLeast}.
 */
final class Announced {
    private long total;
    private long counted;
    private long pages;
    private long page;
    /** Tokens on the pages that were read, however often each is on them. */
    private long read;

    void total(long tokens) {
        total = Math.max(total, tokens);
    }

    void counted(long tokens) {
        counted = Math.max(counted, tokens);
    }

    void pages(long number) {
        pages = Math.max(pages, number);
    }

    /** Which one it is. */
    void page(long number) {
        page = Math.max(page, number);
    }

    boolean namesTotal() {
        return total > 0;
    }

    /** Takes the most that any page says. */
    void join(Announced next) {
        total(next.total);
        counted(next.counted);
        pages(next.pages);
        page(next.page);
    }

    /**
     * Takes the least that any page of a reading says, of those that say it: so many there were at one moment. What a page
     * has itself may be all that it speaks of.
     *
     * @param onPage tokens on that page
     */
    void joinLeast(Announced next, long onPage) {
        total = least(total, next.total > onPage ? next.total : 0);
        counted = least(counted, next.counted > onPage ? next.counted : 0);
        pages = least(pages, next.pages);
        page(next.page);
    }

    /** @param onPage tokens on a page that was read, however often each was on others */
    void read(long onPage) {
        read += onPage;
    }

    private static long least(long before, long next) {
        return before == 0 || next == 0 ? before + next : Math.min(before, next);
    }

    /** Whether that is no more than the pages had that were {@linkplain #read read}, and than so many different tokens. */
    boolean wasRead(long different, int pagesRead) {
        return isIn(Math.min(read, different), pagesRead);
    }

    /** Whether that is no more than was read. */
    boolean isIn(long tokens, int pagesRead) {
        return Math.max(page, pages) <= pagesRead && Math.max(total, counted) <= tokens;
    }
}
