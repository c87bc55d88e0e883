package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.audit.Difference;
import java.util.List;
import java.util.Objects;

/**
 * What changed since the previous audit, as the page shows it.
 *
 * @param sentence the numbers
 * @param exact false if there were too many tokens to compare them all
 * @param entries some of the tokens that changed; none if the reader may not see them
 */
public record DifferenceView(
        @NonNull String sentence, boolean exact, @NonNull List<Entry> entries) {
    private static final int LONGEST_NAME = 100;
    private static final int FEW = 10;

    static DifferenceView of(Difference difference) {
        return new DifferenceView(
                Messages.DifferenceView_sentence(
                        DisplayText.line(difference.build(), LONGEST_NAME),
                        String.valueOf(difference.added()),
                        String.valueOf(difference.gone()),
                        String.valueOf(difference.changed())),
                difference.exact(),
                difference.entries().stream().map(Entry::of).toList());
    }

    /** Whether they are few enough to be shown without a click. */
    public boolean few() {
        return entries.size() <= FEW;
    }

    /** How many tokens are named. */
    @NonNull
    public String named() {
        return Messages.ViolationView_all(String.valueOf(entries.size()));
    }

    /**
     * A token that changed.
     *
     * @param expires null if it never expires, or nobody knows when
     * @param endUnknown whether nobody knows when
     * @param previousLabel null if it is the same or not known
     * @param previousExpires null if it is the same or not known
     */
    public record Entry(
            @NonNull Badge kind,
            @NonNull String label,
            @NonNull String id,
            @CheckForNull DisplayTime expires,
            boolean endUnknown,
            @CheckForNull String previousLabel,
            @CheckForNull DisplayTime previousExpires) {

        static Entry of(Difference.Entry entry) {
            String before = entry.previousLabel();
            boolean sameEnd = Objects.equals(entry.previousExpiresAt(), entry.expiresAt());
            return new Entry(
                    Badge.of(entry.kind()),
                    DisplayText.line(entry.label()),
                    DisplayText.line(entry.id()),
                    DisplayTime.of(entry.expiresAt()),
                    entry.endUnknown(),
                    before == null || before.equals(entry.label()) ? null : DisplayText.line(before),
                    sameEnd ? null : DisplayTime.of(entry.previousExpiresAt()));
        }
    }
}
