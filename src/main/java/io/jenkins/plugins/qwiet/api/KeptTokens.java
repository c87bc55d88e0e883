package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.QwietClient.Listing;
import java.util.ArrayList;
import java.util.List;

/** Keeps the tokens of one page until they are to be handed over. For one thread at a time. */
final class KeptTokens implements Listing {
    private final Listing each;
    private final DistinctIds before;
    private final List<Runnable> tokens = new ArrayList<>();
    private final DistinctIds shown = new DistinctIds();
    private final DistinctIds kept = new DistinctIds();

    /** @param before those that are not kept, as each got them already; all others are kept once. Null: all are kept */
    KeptTokens(Listing each, @CheckForNull DistinctIds before) {
        this.each = each;
        this.before = before;
    }

    @Override
    public void accept(Token token) {
        keep(token, () -> each.accept(token));
    }

    @Override
    public void acceptPart(Token token, boolean labelled, boolean described) {
        keep(token, () -> each.acceptPart(token, labelled, described));
    }

    private void keep(Token token, Runnable handOver) {
        if (before == null || !before.has(token.id()) && kept.add(token.id())) {
            tokens.add(handOver);
        }
    }

    void clear() {
        tokens.clear();
        shown.clear();
        kept.clear();
    }

    /** Of all that is on the page, also of what is not kept; filled by whoever reads it. */
    DistinctIds shown() {
        return shown;
    }

    /** Tells how many there were. */
    long handOver() {
        tokens.forEach(Runnable::run);
        return tokens.size();
    }
}
