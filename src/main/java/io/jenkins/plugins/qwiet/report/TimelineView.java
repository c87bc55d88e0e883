package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.audit.Timeline;
import io.jenkins.plugins.qwiet.audit.Timeline.Bar;
import io.jenkins.plugins.qwiet.audit.TimelineText;
import java.util.List;

/** The lives of a build's tokens as its page shows them: plain text, which it has to escape, and numbers for SVG. */
public record TimelineView(@NonNull Timeline timeline) {
    private static final int LONGEST_LABEL = 200;
    private static final int FEW = 10;

    /** What it says. */
    @NonNull
    public List<String> sentences() {
        return TimelineText.sentences(timeline);
    }

    /** Whether there are few enough to be shown without a click. */
    public boolean few() {
        return timeline.rows().size() <= FEW;
    }

    /** How many tokens there are. */
    @NonNull
    public String named() {
        return Messages.ViolationView_all(String.valueOf(timeline.rows().size()));
    }

    /** That there are more than are shown; null if there are not. */
    @CheckForNull
    public String rest() {
        return TimelineText.rest(timeline);
    }

    /** When the build began. */
    @CheckForNull
    public DisplayTime start() {
        return DisplayTime.of(timeline.span().start());
    }

    /** When it ended; null if it is running. */
    @CheckForNull
    public DisplayTime end() {
        return DisplayTime.of(timeline.span().end());
    }

    /** The bar of the build. */
    @NonNull
    public Bar build() {
        return timeline.build();
    }

    /** The tokens that are shown. */
    @NonNull
    public List<Row> rows() {
        return timeline.shown().stream().map(row -> new Row(timeline, row)).toList();
    }

    /** Tokens that took each other's place. */
    public record Row(@NonNull Timeline timeline, @NonNull Timeline.Row row) {
        /** As it was created. */
        @NonNull
        public String label() {
            return DisplayText.line(row.label(), LONGEST_LABEL);
        }

        /** Of the newest. */
        @NonNull
        public String id() {
            return DisplayText.line(row.id(), LONGEST_LABEL);
        }

        /** What became of them. */
        @NonNull
        public Badge state() {
            return Badge.of(row.state());
        }

        /** How long they lived, and how often they were renewed. */
        @NonNull
        public String life() {
            return TimelineText.life(timeline, row);
        }

        /** When the first was created. */
        @NonNull
        public DisplayTime created() {
            return new DisplayTime(row.created());
        }

        /** The same, from the start of the build. */
        @NonNull
        public String createdAfter() {
            return TimelineText.after(timeline, row.created());
        }

        /** The same as {@link #gone}, from the start of the build; null if nobody knows. */
        @CheckForNull
        public String goneAfter() {
            return TimelineText.goneAfter(timeline, row);
        }

        /** When the last was gone; null if there is one still. */
        @CheckForNull
        public DisplayTime gone() {
            return DisplayTime.of(row.gone());
        }

        /** When it will be gone, if nobody revokes it; null if it is gone, or in use. */
        @CheckForNull
        public String outlook() {
            return TimelineText.outlook(row);
        }

        /** While the build ran; null if there is nothing to draw. */
        @CheckForNull
        public Bar during() {
            return timeline.during(row);
        }

        /** The same, as a class of CSS. */
        @NonNull
        public String style() {
            return row.state().isLiving() ? "qwiet-bar-living" : "qwiet-bar-gone";
        }

        /** After its end; null if there is nothing to draw. */
        @CheckForNull
        public Bar after() {
            return timeline.after(row);
        }

        /** Whether the picture ends before their life. */
        public boolean goesOn() {
            return timeline.goesOn(row);
        }

        /** Where they were renewed. */
        @NonNull
        public List<String> marks() {
            return timeline.marks(row);
        }
    }
}
