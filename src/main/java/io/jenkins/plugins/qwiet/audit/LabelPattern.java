package io.jenkins.plugins.qwiet.audit;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Texts;

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

    private static final Texts TEXTS = Texts.of(LabelPattern.class);

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
            throw new IllegalArgumentException(TEXTS.get("LabelPattern.tooLong", String.valueOf(MAX_LENGTH)));
        }
        String withJavasDot = new PatternInspection(regex).run();
        try {
            // Itself first, so that what is wrong is said of what was typed.
            Pattern.compile(regex);
            return new LabelPattern(regex, Pattern.compile(withJavasDot));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(problem(regex, e), e);
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(TEXTS.get("LabelPattern.tooComplicated"), e);
        }
    }

    private static String problem(String regex, PatternSyntaxException e) {
        String part = e.getPattern();
        if (part.equals("stack underflow")) {
            return TEXTS.get("LabelPattern.parenthesis");
        }
        boolean ofAClass = part.startsWith("\\p") || part.startsWith("\\P");
        String what = ofAClass ? TEXTS.get("LabelPattern.unknownClass") : e.getDescription();
        String problem = part.isEmpty()
                ? TEXTS.get("LabelPattern.wrong", what)
                : TEXTS.get("LabelPattern.wrongNear", what, DisplayText.line(part, 40));
        String advice = advice(regex, part, ofAClass);
        return advice.isEmpty() ? problem : problem + " " + advice;
    }

    /** A sentence or two; empty if there is nothing to say. */
    private static String advice(String regex, String part, boolean ofAClass) {
        if (LOOK_AROUND.matches(part)) {
            return TEXTS.get("LabelPattern.lookAround");
        } else if (part.startsWith("\\k")) {
            return TEXTS.get("LabelPattern.backReference");
        } else if (POSSESSIVE.matches(part)) {
            return TEXTS.get("LabelPattern.possessive");
        } else if (part.startsWith("(?>")) {
            return TEXTS.get("LabelPattern.atomic");
        } else if (ofAClass) {
            return TEXTS.get(
                    "LabelPattern.otherClass", "\\p{L}, \\p{Lu}, \\p{N}, \\p{Greek}, [[:alpha:]]", "[[:punct:]]");
        }
        return isJavas(regex) ? TEXTS.get("LabelPattern.syntax") : "";
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
