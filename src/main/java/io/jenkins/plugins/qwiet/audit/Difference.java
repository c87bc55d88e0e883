package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Token;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What became of the live tokens since an earlier audit; short-lived ones of builds that ran then or run now aside.
 *
 * @param since when that was
 * @param build which build did it
 * @param added live now and not then
 * @param gone live then and not now
 * @param changed live at both times, with another label, description, role or end
 * @param exact false if there were too many tokens to remember them all
 * @param entries some of them; {@value #MAX_ENTRIES} of each kind at most
 */
public record Difference(
        @NonNull Instant since,
        @NonNull String build,
        long added,
        long gone,
        long changed,
        boolean exact,
        @NonNull List<Entry> entries) {
    /** Entries kept of each kind. */
    public static final int MAX_ENTRIES = 100;

    public Difference {
        since = since == null ? Instant.EPOCH : since;
        build = build == null ? "" : build;
        entries = entries == null
                ? List.of()
                : entries.stream().filter(e -> e.kind() != null).toList();
    }

    /** This difference, its numbers alone. */
    Difference withoutEntries() {
        return new Difference(since, build, added, gone, changed, exact, List.of());
    }

    /** What became of a token. Names are stored in reports: never rename one. */
    public enum Kind {
        ADDED,
        /** Revoked since, as far as one can tell. */
        REVOKED,
        EXPIRED,
        CHANGED
    }

    /**
     * A token that is not what it was.
     *
     * @param label as it is now; for a token that is gone, as it was
     * @param expiresAt likewise; null if it never expires, or nobody knows when
     * @param previousLabel for a changed token, if it is still known
     * @param previousExpiresAt for a changed token, if it is still known
     * @param endUnknown whether Qwiet named an end in a form that is not understood
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Entry(
            @NonNull Kind kind,
            @NonNull String id,
            @NonNull String label,
            @CheckForNull Instant expiresAt,
            @CheckForNull String previousLabel,
            @CheckForNull Instant previousExpiresAt,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean endUnknown) {
        private Entry before(String label, @CheckForNull Instant end) {
            return new Entry(kind, id, this.label, expiresAt, label, end, endUnknown);
        }
    }

    /** Compares the live tokens of a list that streams by with those of an earlier audit. For one thread at a time. */
    static final class Finder {
        private static final Logger LOGGER = Logger.getLogger(Finder.class.getName());

        private final StoredReport previous;
        private final AuditReport then;
        /** The tokens of then. */
        private final TokenIndex index;
        /** Those of them that were seen. */
        private final Set<Long> seen = new HashSet<>();

        private final List<Entry> added = new ArrayList<>();
        private final Map<Long, Entry> changed = new LinkedHashMap<>();
        private long addedCount;
        private long changedCount;

        private Finder(StoredReport previous, AuditReport then, TokenIndex index) {
            this.previous = previous;
            this.then = then;
            this.index = index;
        }

        /** Null if there is nothing that can be compared: no list then, or another organization or kind of token. */
        @CheckForNull
        static Finder from(@CheckForNull StoredReport previous, Audit.Subject subject) {
            Organization organization = subject.organization();
            if (previous == null || organization == null) {
                return null;
            }
            try {
                AuditReport then = previous.report();
                boolean same = then.listed()
                        && then.api().equals(organization.address().base())
                        && then.orgId().equals(organization.orgId())
                        && then.includeIntegrations() == subject.query().includeIntegrations();
                return same ? new Finder(previous, then, previous.index()) : null;
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "an earlier audit cannot be read, so no difference is told", e);
                return null;
            }
        }

        /** The same comparison, with nothing seen; reads nothing anew. */
        @NonNull
        Finder again() {
            return new Finder(previous, then, index);
        }

        /** Takes a live token. One that was then counts once; another should come once. */
        void see(Token token, long key, int content) {
            Integer contentThen = index.content(key);
            if (contentThen == null) {
                if (addedCount++ < MAX_ENTRIES) {
                    added.add(entry(Kind.ADDED, token.id(), token.label(), token.end()));
                }
            } else if (seen.add(key) && contentThen != content && changedCount++ < MAX_ENTRIES) {
                changed.put(key, entry(Kind.CHANGED, token.id(), token.label(), token.end()));
            }
        }

        private static Entry entry(Kind kind, String id, String label, End end) {
            return new Entry(
                    kind,
                    DisplayText.cut(id, TokenRow.MAX_ID),
                    DisplayText.cut(label, TokenRow.MAX_TEXT),
                    end.at(),
                    null,
                    null,
                    end.unknown());
        }

        /** Ends the comparison. */
        @NonNull
        Difference difference(Instant now, boolean complete) {
            long goneCount = index.size() - seen.size();
            List<Entry> gone = new ArrayList<>();
            if (goneCount > 0 || changedCount > 0) {
                recall(now, gone);
            }
            List<Entry> entries = new ArrayList<>(added);
            entries.addAll(gone);
            entries.addAll(changed.values());
            return new Difference(
                    then.at(),
                    then.build(),
                    addedCount,
                    goneCount,
                    changedCount,
                    complete && index.complete(),
                    entries);
        }

        /** Reads the earlier rows once more, to name the tokens that are gone, and what was changed. */
        private void recall(Instant now, List<Entry> gone) {
            try {
                previous.rows(row -> {
                    if (!row.live()) {
                        return;
                    }
                    long key = TokenIndex.key(row.id());
                    Instant end = row.expiresAt();
                    changed.computeIfPresent(key, (k, is) -> is.before(row.label(), end));
                    if (gone.size() < MAX_ENTRIES && index.content(key) != null && seen.add(key)) {
                        boolean expired = end != null && !end.isAfter(now);
                        gone.add(entry(expired ? Kind.EXPIRED : Kind.REVOKED, row.id(), row.label(), row.end()));
                    }
                });
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "rows of an earlier audit cannot be read, so not every token can be named", e);
            }
        }
    }
}
