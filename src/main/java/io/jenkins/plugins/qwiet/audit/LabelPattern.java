package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that whole labels must match, and that cannot hold up a controller. Immutable.
 *
 * <p>Java's matcher backtracks without bound and offers no time-out. So repetition counts are limited when the pattern
 * is read, and while it matches every character it looks at is counted: {@link Check} gives up beyond a bound.
 */
public final class LabelPattern {
    /** Characters of a pattern. */
    static final int MAX_LENGTH = 500;
    /** Characters of a label that can match; a longer one matches nothing. */
    static final int MAX_LABEL = 1000;
    /** What all the counts of a pattern, such as the 8 of {@code [0-9]{8}}, multiply to at most. */
    static final long MAX_REPETITIONS = 100_000;
    /** Characters looked at for one label. */
    static final int STEPS_PER_LABEL = 100_000;
    /** Characters looked at for all labels of a list. */
    static final long STEPS_PER_LIST = 50_000_000;
    /** Nanoseconds for all labels of a list. */
    static final long NANOS_PER_LIST = 5_000_000_000L;

    private static final Pattern COUNT = Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");
    private static final Pattern COMMENTS_FLAG = Pattern.compile("\\(\\?[a-zA-Z-]*x");

    private final Pattern pattern;

    private LabelPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Reads a pattern that a person typed.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    @NonNull
    public static LabelPattern parse(@NonNull String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("The pattern is longer than " + MAX_LENGTH + " characters.");
        }
        if (COMMENTS_FLAG.matcher(regex).find()) {
            throw new IllegalArgumentException("The flag x (comments) cannot be used in this pattern.");
        }
        if (repetitions(regex) > MAX_REPETITIONS) {
            throw new IllegalArgumentException(
                    "The counts in { } are too high. Multiplied they may give " + MAX_REPETITIONS + " at most.");
        }
        try {
            return new LabelPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            String where = e.getIndex() < 0 ? "" : " near character " + (e.getIndex() + 1);
            throw new IllegalArgumentException("Not a regular expression: " + e.getDescription() + where + ".", e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("The pattern is nested too deeply.", e);
        }
    }

    private static long repetitions(String regex) {
        long product = 1;
        var counts = COUNT.matcher(regex);
        while (counts.find()) {
            String upper = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
            if (upper.length() > 9) {
                return Long.MAX_VALUE;
            }
            product *= Math.max(1, Long.parseLong(upper));
            if (product > MAX_REPETITIONS) {
                return product;
            }
        }
        return product;
    }

    /** Begins to check the labels of one list. */
    @NonNull
    Check check() {
        return check(System::nanoTime);
    }

    @NonNull
    Check check(LongSupplier nanoTime) {
        return new Check(pattern, nanoTime);
    }

    /** The regular expression. */
    @Override
    public String toString() {
        return pattern.pattern();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelPattern that && pattern.pattern().equals(that.pattern.pattern());
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode();
    }

    /** What a pattern says of a label. */
    enum Answer {
        MATCHES,
        DIFFERS,
        TOO_COSTLY
    }

    /** Checks the labels of one list, within bounds. For one thread at a time. */
    static final class Check {
        private final Matcher matcher;
        private final LongSupplier nanoTime;
        private final long start;
        private long stepsLeft = STEPS_PER_LIST;

        private Check(Pattern pattern, LongSupplier nanoTime) {
            this.matcher = pattern.matcher("");
            this.nanoTime = nanoTime;
            this.start = nanoTime.getAsLong();
        }

        Answer ask(String label) {
            if (label.length() > MAX_LABEL) {
                return Answer.DIFFERS;
            }
            if (stepsLeft <= 0) {
                return Answer.TOO_COSTLY;
            }
            var counted = new Counted(label);
            try {
                return matcher.reset(counted).matches() ? Answer.MATCHES : Answer.DIFFERS;
            } catch (TooCostly | StackOverflowError e) {
                return Answer.TOO_COSTLY;
            } finally {
                stepsLeft -= counted.steps;
            }
        }

        private final class Counted implements CharSequence {
            private final String label;
            private int steps;

            private Counted(String label) {
                this.label = label;
            }

            @Override
            public char charAt(int index) {
                if (++steps > STEPS_PER_LABEL) {
                    throw new TooCostly();
                }
                if ((steps & 0xff) == 0 && nanoTime.getAsLong() - start > NANOS_PER_LIST) {
                    stepsLeft = 0;
                    throw new TooCostly();
                }
                return label.charAt(index);
            }

            @Override
            public int length() {
                return label.length();
            }

            @Override
            public CharSequence subSequence(int start, int end) {
                return label.substring(start, end);
            }

            @Override
            public String toString() {
                return label;
            }
        }
    }

    private static final class TooCostly extends RuntimeException {
        private static final long serialVersionUID = 1;

        private TooCostly() {
            super("too many steps", null, false, false);
        }
    }
}
