package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.Difference;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
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
                DisplayText.line(difference.build(), LONGEST_NAME),
                difference.added(),
                difference.gone(),
                difference.changed());
    }

    /** When that was. */
    @CheckForNull
    public DisplayTime getSince() {
        return DisplayTime.of(difference.since());
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
            return DisplayText.line(entry.label());
        }

        @NonNull
        public String getId() {
            return DisplayText.line(entry.id());
        }

        @CheckForNull
        public DisplayTime getExpires() {
            return DisplayTime.of(entry.expiresAt());
        }

        /** Its label before; null if that is the same or not known. */
        @CheckForNull
        public String getPreviousLabel() {
            String previous = entry.previousLabel();
            return previous == null || previous.equals(entry.label()) ? null : DisplayText.line(previous);
        }

        /** Its end before; null if that is the same or not known. */
        @CheckForNull
        public DisplayTime getPreviousExpires() {
            boolean same = Objects.equals(entry.previousExpiresAt(), entry.expiresAt());
            return same ? null : DisplayTime.of(entry.previousExpiresAt());
        }
    }
}
