package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.audit.Difference;
import io.jenkins.plugins.qwiet.audit.Harmless;
import java.util.List;
import java.util.Objects;

/** What changed since an earlier audit, as the page shows it. */
public final class DifferenceView {
    private static final int LONGEST_NAME = 100;

    private final Difference difference;

    DifferenceView(@NonNull Difference difference) {
        this.difference = difference;
    }

    /** The numbers. */
    @NonNull
    public String getSentence() {
        return Messages.DifferenceView_sentence(
                Harmless.line(difference.build(), LONGEST_NAME),
                difference.added(),
                difference.gone(),
                difference.changed());
    }

    /** When that was. */
    @CheckForNull
    public Moment getSince() {
        return Moment.of(difference.since());
    }

    /** False if there were too many tokens to compare them all. */
    public boolean isExact() {
        return difference.exact();
    }

    /** Some tokens; none if they may not be seen. */
    @NonNull
    public List<Entry> getEntries() {
        return difference.entries().stream().map(Entry::new).toList();
    }

    /** A token that is not what it was. */
    public static final class Entry {
        private final Difference.Entry entry;

        Entry(Difference.Entry entry) {
            this.entry = entry;
        }

        @NonNull
        public Badge getKind() {
            return Badge.of(entry.kind());
        }

        @NonNull
        public String getLabel() {
            return Harmless.line(entry.label());
        }

        @NonNull
        public String getId() {
            return Harmless.line(entry.id());
        }

        @CheckForNull
        public Moment getExpires() {
            return Moment.of(entry.expiresAt());
        }

        /** Its label before; null if that is the same or not known. */
        @CheckForNull
        public String getPreviousLabel() {
            String previous = entry.previousLabel();
            return previous == null || previous.equals(entry.label()) ? null : Harmless.line(previous);
        }

        /** Its end before; null if that is the same or not known. */
        @CheckForNull
        public Moment getPreviousExpires() {
            boolean same = Objects.equals(entry.previousExpiresAt(), entry.expiresAt());
            return same ? null : Moment.of(entry.previousExpiresAt());
        }
    }
}
