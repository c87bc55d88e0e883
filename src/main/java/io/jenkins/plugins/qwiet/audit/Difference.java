package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;

/**
 * What became of the live tokens since an earlier audit.
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
     * @param expiresAt likewise; null if it never expires
     * @param previousLabel for a changed token, if it is still known
     * @param previousExpiresAt for a changed token, if it is still known
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Entry(
            @NonNull Kind kind,
            @NonNull String id,
            @NonNull String label,
            @CheckForNull Instant expiresAt,
            @CheckForNull String previousLabel,
            @CheckForNull Instant previousExpiresAt) {}
}
