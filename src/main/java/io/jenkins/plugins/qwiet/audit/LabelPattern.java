package io.jenkins.plugins.qwiet.audit;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;

/**
 * A regular expression that whole labels must match, in the syntax of RE2. Immutable; safe on any thread.
 *
 * <p>RE2/J never backtracks: a match takes steps in proportion to the label and to the pattern with its counts written
 * out, which is what is limited here. Refused as well is a pattern that RE2/J would never finish to read (its issue 168).
 */
public final class LabelPattern {
    /** Characters of a pattern, at most. */
    static final int MAX_LENGTH = 500;
    /** Characters of a pattern with its counts written out, at most. */
    static final int MAX_WRITTEN_OUT = 1_000;
    /** Characters of a label that can match; a longer one matches nothing. */
    static final int MAX_LABEL = 1_000;
    /** Steps for all labels of a list, see {@link #steps}: some 15 seconds if each takes as many as it can. */
    static final long MAX_STEPS = 1_000_000_000;

    /** The last number in it is the greatest. */
    private static final Pattern COUNT = Pattern.compile("\\{(?:\\d+,)?(\\d+),?\\}");

    private static final Pattern IGNORES_CASE = Pattern.compile("\\(\\?[imsU-]*i");
    /** The last letter, a Cyrillic one, before those whose cases RE2/J and Java do not pair in the same way. */
    private static final int LAST_WITH_CASE = 0x52f;

    private static final Pattern LOOK_AROUND = Pattern.compile("\\(\\?<?[=!].*");
    private static final Pattern BACK_REFERENCE = Pattern.compile("\\\\[1-9k]");

    private final Pattern pattern;

    private LabelPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Reads a pattern that a person typed.
     *
     * @throws IllegalArgumentException with sentences that say what is wrong, and what to do
     */
    @NonNull
    public static LabelPattern parse(@NonNull String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("The pattern is longer than " + MAX_LENGTH + " characters.");
        }
        if (writtenOut(regex) > MAX_WRITTEN_OUT) {
            throw new IllegalArgumentException(
                    "The counts in { } are too high: written out, the pattern would be longer than " + MAX_WRITTEN_OUT
                            + " characters. Use lower counts, or * and +.");
        }
        if (IGNORES_CASE.matcher(regex).find()
                && (regex.contains("\\x{") || regex.codePoints().anyMatch(each -> each > LAST_WITH_CASE))) {
            throw new IllegalArgumentException(
                    "With the flag i the pattern may hold Latin, Greek and Cyrillic letters only,"
                            + " and no \\x{ }. List upper and lower case instead, as in [Tt]eam.");
        }
        try {
            return new LabelPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(problem(e), e);
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException("The pattern is too complicated. Write it in a simpler way.", e);
        }
    }

    /**
     * How long a pattern is at most when {@code a{3}} is written as {@code aaa}. A count repeats a single character, and
     * so adds to the length, unless it stands behind {@code )} or {@code \E}: then it may repeat all that is before it.
     */
    private static long writtenOut(String regex) {
        long single = regex.length();
        long groups = 1;
        var counts = COUNT.matcher(regex);
        while (counts.find() && groups <= MAX_WRITTEN_OUT) {
            String digits = counts.group(1);
            int count = digits.length() > 4 ? MAX_WRITTEN_OUT + 1 : Math.max(1, Integer.parseInt(digits));
            char before = counts.start() == 0 ? '{' : regex.charAt(counts.start() - 1);
            if (before == ')' || before == 'E') {
                groups *= count;
            } else {
                single += count;
            }
        }
        return single * groups;
    }

    private static String problem(PatternSyntaxException e) {
        String part = e.getPattern();
        if (part.equals("stack underflow")) {
            return "Not a regular expression: one ) is too many.";
        }
        String near = part.isEmpty() ? "" : " near \"" + DisplayText.line(part, 40) + "\"";
        String problem = "Not a regular expression: " + e.getDescription() + near + ". ";
        if (LOOK_AROUND.matches(part)) {
            return problem + "Look-ahead and look-behind do not exist here. Describe the whole label instead.";
        } else if (BACK_REFERENCE.matches(part)) {
            return problem + "Back-references do not exist here. Write that part of the pattern again instead.";
        }
        return problem + "The syntax is that of RE2, in which some of Java's does not exist.";
    }

    /** What it costs at most to match a label: the instructions of the pattern for each character of it. */
    long steps(String label) {
        return label.length() > MAX_LABEL ? 0 : (label.length() + 1L) * pattern.programSize();
    }

    boolean matches(String label) {
        return label.length() <= MAX_LABEL && pattern.matches(label);
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
}
