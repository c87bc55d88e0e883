package io.jenkins.plugins.qwiet.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The pages in which a Qwiet gives its lists; the published API knows none. Where they are told apart by how many tokens come
 * before, they shift when one of these is deleted, and they may slip: rows without an order of their own are given by when
 * they were used last, and between two calls the first one is used.
 */
final class QwietPages {
    /** @param next where the next page begins; 0 if there is none */
    record Page(List<VirtualQwiet.Token> tokens, long next) {}

    private final int size;
    private final boolean shift;
    private boolean slip;
    private boolean fail;

    QwietPages(Dice dice) {
        this.size = dice.chance(0.8) ? Integer.MAX_VALUE : dice.oneOf(List.of(1, 2, 10));
        this.shift = dice.chance(0.5);
        this.slip = shift && areSeveral() && dice.chance(0.5);
    }

    String describe() {
        return areSeveral() ? ", pages of " + size + (shift ? " that " + (slip ? "slip" : "shift") : "") : "";
    }

    /** Whether there may be more than one. */
    boolean areSeveral() {
        return size < Integer.MAX_VALUE;
    }

    /** Whether a token is always missing that comes first on a page but the first one. */
    boolean slip() {
        return slip;
    }

    /** Tokens of one page. */
    int size() {
        return size;
    }

    /** From now on they have an order of their own. */
    void settle() {
        slip = false;
    }

    /** From now on all but the first one fail; or none. */
    void fail(boolean always) {
        fail = always;
    }

    boolean fails(long after) {
        return fail && after > 0;
    }

    /** @param all in the order in which they were made */
    Page of(List<VirtualQwiet.Token> all, long after) {
        List<VirtualQwiet.Token> rows = new ArrayList<>(all);
        if (slip && !rows.isEmpty()) {
            Collections.rotate(rows, (int) -(after / size % rows.size()));
        }
        List<VirtualQwiet.Token> left = shift
                ? rows.subList((int) Math.min(after, rows.size()), rows.size())
                : rows.stream().filter(token -> token.number() > after).toList();
        if (left.size() <= size) {
            return new Page(left, 0);
        }
        return new Page(
                left.subList(0, size), shift ? after + size : left.get(size - 1).number());
    }
}
