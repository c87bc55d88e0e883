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
        new Inspection(regex).run();
        try {
            return new LabelPattern(Pattern.compile(regex));
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
        // As in Java, the dot stands for none of these; to RE2/J only the last one ends a line.
        String lines = label.replace('\r', '\n')
                .replace('\u0085', '\n')
                .replace('\u2028', '\n')
                .replace('\u2029', '\n');
        return label.length() <= MAX_LABEL && pattern.matches(lines);
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

    /** Looks through a pattern, as RE2/J will read it, for what that reads otherwise than people expect, or not in time. */
    private static final class Inspection {
        private static final java.util.regex.Pattern COUNT =
                java.util.regex.Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");
        private static final java.util.regex.Pattern FLAGS =
                java.util.regex.Pattern.compile("\\(\\?([a-zA-Z]*)[a-zA-Z-]*[:)]");
        /** Up to this letter, a Cyrillic one, RE2/J's own table pairs the cases where Java's tables do not. */
        private static final int LAST_IN_TABLE = 0x52f;

        private final String regex;
        private int at;
        private boolean inClass;
        private boolean ignoresCase;
        private boolean hexadecimal;
        private int unpaired = -1;
        /** What a count repeats: all that is before it, perhaps, behind {@code )} and {@code \E}; else one character. */
        private boolean behindGroup;

        private long single;
        private long groups = 1;

        Inspection(String regex) {
            this.regex = regex;
            this.single = regex.length();
        }

        void run() {
            while (at < regex.length()) {
                char c = regex.charAt(at);
                if (c == '\\') {
                    escape();
                } else if (inClass) {
                    inClass(c);
                } else if (c == '[') {
                    openClass();
                } else if (c == '{') {
                    count();
                } else if (c == '(' && regex.startsWith("(?", at)) {
                    flags();
                } else {
                    behindGroup = c == ')';
                    literal();
                }
            }
            if (single * groups > MAX_WRITTEN_OUT) {
                throw new IllegalArgumentException(
                        "The counts in { } are too high: written out, the pattern would be longer than "
                                + MAX_WRITTEN_OUT + " characters. Use lower counts, or * and +.");
            }
            if (ignoresCase && (unpaired >= 0 || hexadecimal)) {
                throw new IllegalArgumentException("With the flag i the pattern cannot hold "
                        + (hexadecimal ? "\\x{ }" : "\"" + DisplayText.line(Character.toString(unpaired)) + "\"")
                        + ". List upper and lower case instead, as in [Tt]eam.");
            }
        }

        private void escape() {
            behindGroup = false;
            char next = at + 1 < regex.length() ? regex.charAt(at + 1) : ' ';
            if (next == 'Q' && !inClass) {
                int end = regex.indexOf("\\E", at);
                at += 2;
                while (at < (end < 0 ? regex.length() : end)) {
                    literal();
                }
                at = end < 0 ? regex.length() : end + 2;
                behindGroup = true;
                return;
            } else if (next >= '0' && next <= '9') {
                throw new IllegalArgumentException("Back-references do not exist here, near \"\\" + next
                        + "\", and no octal numbers. Write that part of the pattern again, or a character as \\x{41}.");
            }
            hexadecimal |= regex.startsWith("x{", at + 1);
            int close = "pPx".indexOf(next) >= 0 && regex.startsWith("{", at + 2) ? regex.indexOf('}', at) : -1;
            if (close >= 0) {
                at = close + 1;
            } else {
                at++;
                literal();
            }
        }

        private void openClass() {
            inClass = true;
            behindGroup = false;
            at += regex.startsWith("[^", at) ? 2 : 1;
            if (regex.startsWith("]", at)) {
                at++;
            }
        }

        private void inClass(char c) {
            int named = c == '[' && regex.startsWith("[:", at) ? regex.indexOf(":]", at + 2) : -1;
            if (named >= 0) {
                at = named + 2;
            } else if (c == '[') {
                throw new IllegalArgumentException(
                        "A class within a class does not exist here. Write one class, or \\[ for the character itself.");
            } else if (regex.startsWith("&&", at)) {
                throw new IllegalArgumentException(
                        "The intersection && does not exist here. Write what the class holds, such as [b-df-hj-np-tv-z].");
            } else if (c == ']') {
                inClass = false;
                at++;
            } else {
                literal();
                boolean range = regex.startsWith("-", at) && !regex.startsWith("-]", at);
                if (range && at + 1 < regex.length()) {
                    toEndOfRange(c);
                }
            }
        }

        private void toEndOfRange(int from) {
            at++;
            if (regex.charAt(at) != '\\') {
                int to = regex.codePointAt(at);
                for (int letter = Math.max(from, LAST_IN_TABLE); letter <= to && unpaired < 0; letter++) {
                    note(letter);
                }
                literal();
            }
        }

        private void count() {
            var count = COUNT.matcher(regex).region(at, regex.length());
            if (!count.lookingAt()) {
                throw new IllegalArgumentException("A { that begins no count such as {2} or {1,3} is written as \\{.");
            }
            boolean open = count.group(2) == null || count.group(2).isEmpty();
            String digits = open ? count.group(1) : count.group(2);
            int times = digits.length() > 4 ? MAX_WRITTEN_OUT + 1 : Math.max(1, Integer.parseInt(digits));
            if (behindGroup) {
                groups = Math.min(groups * times, MAX_WRITTEN_OUT + 1);
            } else {
                single += times;
            }
            at = count.end();
        }

        private void flags() {
            var flags = FLAGS.matcher(regex).region(at, regex.length());
            if (flags.lookingAt()) {
                ignoresCase |= flags.group(1).indexOf('i') >= 0;
                if (flags.group(1).indexOf('U') >= 0) {
                    throw new IllegalArgumentException(
                            "The flag U has another meaning here than in Java. Leave it out, and write \\p{L} for any letter.");
                }
                at = flags.end();
                boolean alone = regex.charAt(at - 1) == ')' && at < regex.length();
                if (alone && "*+?{".indexOf(regex.charAt(at)) >= 0) {
                    throw new IllegalArgumentException("A repetition behind " + flags.group()
                            + " repeats nothing. Write it behind what it is to repeat.");
                }
            } else {
                at += 2;
            }
        }

        private void literal() {
            if (at < regex.length()) {
                int letter = regex.codePointAt(at);
                note(letter);
                at += Character.charCount(letter);
            }
        }

        /** RE2/J goes from case to case until it is back at the letter; without an end, if that is none of a pair. */
        private void note(int letter) {
            if (letter > LAST_IN_TABLE && otherCase(otherCase(letter)) != letter) {
                unpaired = letter;
            }
        }

        private static int otherCase(int letter) {
            int lower = Character.toLowerCase(letter);
            return lower != letter ? lower : Character.toUpperCase(letter);
        }
    }
}
