package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Token;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Compares the live tokens of a list that streams by with those of an earlier audit. For one thread at a time. */
final class DifferenceFinder {
    private static final Logger LOGGER = Logger.getLogger(DifferenceFinder.class.getName());

    private final PreviousAudit previous;
    private final AuditReport then;
    /** The tokens of then that were not seen yet. */
    private final TokenIndex unseen;

    private final List<Difference.Entry> added = new ArrayList<>();
    private final Map<Long, Difference.Entry> changed = new LinkedHashMap<>();
    private long addedCount;
    private long changedCount;

    private DifferenceFinder(PreviousAudit previous, AuditReport then, TokenIndex unseen) {
        this.previous = previous;
        this.then = then;
        this.unseen = unseen;
    }

    /** Null if there is nothing that can be compared: no list then, or another organization or kind of token. */
    @CheckForNull
    static DifferenceFinder from(@CheckForNull PreviousAudit previous, AuditSubject subject) {
        if (previous == null) {
            return null;
        }
        try {
            AuditReport then = previous.report();
            boolean same = then.listed()
                    && then.api().equals(subject.organization().address().base())
                    && then.orgId().equals(subject.organization().orgId())
                    && then.includeIntegrations() == subject.query().includeIntegrations();
            return same ? new DifferenceFinder(previous, then, previous.index()) : null;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "an earlier audit cannot be read, so no difference is told", e);
            return null;
        }
    }

    /** Takes a live token, which was not seen before. */
    void see(Token token, long key, int content) {
        Integer contentThen = unseen.remove(key);
        if (contentThen == null) {
            if (addedCount++ < Difference.MAX_ENTRIES) {
                added.add(entry(Difference.Kind.ADDED, token));
            }
        } else if (contentThen != content && changedCount++ < Difference.MAX_ENTRIES) {
            changed.put(key, entry(Difference.Kind.CHANGED, token));
        }
    }

    private static Difference.Entry entry(Difference.Kind kind, Token token) {
        return new Difference.Entry(
                kind,
                DisplayText.cut(token.id(), TokenRow.MAX_ID),
                DisplayText.cut(token.label(), TokenRow.MAX_TEXT),
                token.expiresAt(),
                null,
                null);
    }

    /** Ends the comparison. */
    @NonNull
    Difference difference(Instant now, boolean complete) {
        long goneCount = unseen.size();
        List<Difference.Entry> gone = new ArrayList<>();
        if (goneCount > 0 || changedCount > 0) {
            recall(now, gone);
        }
        List<Difference.Entry> entries = new ArrayList<>(added);
        entries.addAll(gone);
        entries.addAll(changed.values());
        return new Difference(
                then.at(), then.build(), addedCount, goneCount, changedCount, complete && unseen.complete(), entries);
    }

    /** Reads the earlier rows once more, to name the tokens that are gone, and what was changed. */
    private void recall(Instant now, List<Difference.Entry> gone) {
        try {
            previous.rows(row -> {
                if (!row.live()) {
                    return;
                }
                long key = TokenIndex.key(row.id());
                changed.computeIfPresent(key, (k, entry) -> withPrevious(entry, row));
                if (gone.size() < Difference.MAX_ENTRIES && unseen.contains(key)) {
                    gone.add(goneEntry(row, now));
                }
            });
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "rows of an earlier audit cannot be read, so not every token can be named", e);
        }
    }

    private static Difference.Entry withPrevious(Difference.Entry entry, TokenRow row) {
        return new Difference.Entry(
                entry.kind(), entry.id(), entry.label(), entry.expiresAt(), row.label(), row.expiresAt());
    }

    private static Difference.Entry goneEntry(TokenRow row, Instant now) {
        Instant expiresAt = row.expiresAt();
        boolean expired = expiresAt != null && !expiresAt.isAfter(now);
        return new Difference.Entry(
                expired ? Difference.Kind.EXPIRED : Difference.Kind.REVOKED,
                row.id(),
                row.label(),
                expiresAt,
                null,
                null);
    }
}
