package io.jenkins.plugins.qwiet.audit;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;

/**
 * A regular expression that whole labels must match, in the syntax of RE2. Immutable; safe on any thread.
 *
 * <p>RE2/J never backtracks: a match takes steps in proportion to the label and to the pattern with its counts written
 * out, which is what is limited here. What RE2/J reads otherwise than Java, without a word, is refused with one; so is a
 * pattern that it would never finish to read (its issue 168).
 */
public final class LabelPattern {
    /** Characters of a pattern, at most. */
    static final int MAX_LENGTH = 500;
    /** Characters of a pattern with its counts written out, at most. */
    static final int MAX_WRITTEN_OUT = 1_000;
    /** Characters of a label that can match; a longer one matches nothing. */
    static final int MAX_LABEL = 1_000;

    private static final Pattern LOOK_AROUND = Pattern.compile("\\(\\?<?[=!].*");
    private static final Pattern POSSESSIVE = Pattern.compile("(?s)[*+?}]\\+.*|\\{[0-9,]*\\}\\+.*");

    private final String regex;
    private final Pattern pattern;

    private LabelPattern(String regex, Pattern pattern) {
        this.regex = regex;
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
        String withJavasDot = new PatternInspection(regex).run();
        try {
            // Itself first, so that what is wrong is said of what was typed.
            Pattern.compile(regex);
            return new LabelPattern(regex, Pattern.compile(withJavasDot));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(problem(regex, e), e);
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException("The pattern is too complicated. Write it in a simpler way.", e);
        }
    }

    private static String problem(String regex, PatternSyntaxException e) {
        String part = e.getPattern();
        if (part.equals("stack underflow")) {
            return "Not a regular expression: one ) is too many.";
        }
        boolean ofAClass = part.startsWith("\\p") || part.startsWith("\\P");
        String near = part.isEmpty() ? "" : " near \"" + DisplayText.line(part, 40) + "\"";
        String problem = "Not a regular expression: " + (ofAClass ? "unknown class" : e.getDescription()) + near + ".";
        if (LOOK_AROUND.matches(part)) {
            return problem + " Look-ahead and look-behind do not exist here. Describe the whole label instead.";
        } else if (part.startsWith("\\k")) {
            return problem + " Back-references do not exist here. Write that part of the pattern again instead.";
        } else if (POSSESSIVE.matches(part)) {
            return problem + " Possessive repetition does not exist here, and is not needed: leave the last + out.";
        } else if (part.startsWith("(?>")) {
            return problem + " Atomic groups do not exist here, and are not needed: begin with (?: instead.";
        } else if (ofAClass) {
            return problem
                    + " Write a class such as \\p{L}, \\p{Lu}, \\p{N}, \\p{Greek}, [[:alpha:]] or [[:punct:]] instead.";
        }
        return isJavas(regex)
                ? problem + " The syntax is that of RE2, in which some of Java's does not exist."
                : problem;
    }

    /** Whether it is a mere slip that RE2 does not know a pattern, or one of its differences. */
    private static boolean isJavas(String regex) {
        try {
            java.util.regex.Pattern.compile(regex);
            return true;
        } catch (java.util.regex.PatternSyntaxException | StackOverflowError e) {
            return false;
        }
    }

    /** Instructions of the pattern: a match takes so many steps for each character of a label, at most. */
    int programSize() {
        return pattern.programSize();
    }

    boolean matches(String label) {
        return label.length() <= MAX_LABEL && pattern.matches(label);
    }

    /** The regular expression. */
    @Override
    public String toString() {
        return regex;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelPattern that && regex.equals(that.regex);
    }

    @Override
    public int hashCode() {
        return regex.hashCode();
    }
}
