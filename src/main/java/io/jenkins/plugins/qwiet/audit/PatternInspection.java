package io.jenkins.plugins.qwiet.audit;

import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Texts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * Looks through a {@link LabelPattern}, as RE2/J will read it, for what that reads otherwise than people expect, or not in
 * time. Used once. How long a pattern is written out is counted in characters and classes.
 */
final class PatternInspection {
    private static final Pattern COUNT = Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");
    private static final Pattern FLAGS = Pattern.compile("\\(\\?([a-zA-Z]*)[a-zA-Z-]*[:)]");
    /** What Java's dot stands for; RE2's stands for all but the first. */
    private static final String JAVAS_DOT = "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";
    /** Up to this letter, a Cyrillic one, RE2/J's own table pairs the cases where Java's tables do not. */
    private static final int LAST_IN_TABLE = 0x52f;

    private static final Texts TEXTS = Texts.of(PatternInspection.class);

    private final String regex;
    private final StringBuilder withJavasDot = new StringBuilder();
    private int copied;
    private int at;
    private boolean ignoresCase;
    private boolean dotIsAny;
    private boolean hexadecimal;
    private int unpaired = -1;
    /** How long the open group is so far, those around it before it, and what a count would repeat now. */
    private long length;

    private final Deque<Long> around = new ArrayDeque<>();
    private long last;

    PatternInspection(String regex) {
        this.regex = regex;
    }

    /** The pattern, its dots as in Java; those behind the first flag s stand for any character. */
    String run() {
        while (at < regex.length()) {
            switch (regex.charAt(at)) {
                case '\\' -> escape();
                case '[' -> aClass();
                case '{' -> count();
                case '(' -> open();
                case ')' -> close();
                case '*', '+', '?' -> repetition();
                case '.' -> dot();
                default -> {
                    character();
                    one();
                }
            }
            if (length > LabelPattern.MAX_WRITTEN_OUT
                    || around.stream().anyMatch(each -> each > LabelPattern.MAX_WRITTEN_OUT)) {
                throw tooLong();
            }
        }
        if (length + around.stream().mapToLong(Long::longValue).sum() > LabelPattern.MAX_WRITTEN_OUT) {
            throw tooLong();
        }
        if (ignoresCase && (unpaired >= 0 || hexadecimal)) {
            throw new IllegalArgumentException(TEXTS.get(
                    "PatternInspection.unpaired",
                    hexadecimal ? "\\x{ }" : "\"" + DisplayText.line(Character.toString(unpaired)) + "\""));
        }
        return withJavasDot.append(regex, copied, regex.length()).toString();
    }

    private static IllegalArgumentException tooLong() {
        return new IllegalArgumentException(
                TEXTS.get("PatternInspection.tooLong", "{ }", String.valueOf(LabelPattern.MAX_WRITTEN_OUT)));
    }

    private void one() {
        length++;
        last = 1;
    }

    private void dot() {
        if (!dotIsAny) {
            withJavasDot.append(regex, copied, at).append(JAVAS_DOT);
            copied = at + 1;
        }
        at++;
        one();
    }

    private void escape() {
        if (regex.startsWith("\\Q", at)) {
            int end = regex.indexOf("\\E", at);
            at += 2;
            while (at < (end < 0 ? regex.length() : end)) {
                character();
                one();
            }
            // A count behind it repeats its last character; behind an empty one, what is before it.
            at = end < 0 ? regex.length() : end + 2;
        } else {
            escaped();
            one();
        }
    }

    /** The character behind the backslash; 0 if it is a class of its own, or none is there. */
    private int escaped() {
        char next = at + 1 < regex.length() ? regex.charAt(at + 1) : ' ';
        if (next >= '0' && next <= '9') {
            throw new IllegalArgumentException(TEXTS.get("PatternInspection.digit", "\\" + next, "\\x{41}"));
        }
        hexadecimal |= regex.startsWith("x{", at + 1);
        if ("pPx".indexOf(next) >= 0 && regex.startsWith("{", at + 2)) {
            int close = regex.indexOf('}', at);
            at = close < 0 ? regex.length() : close + 1;
            return 0;
        }
        at++;
        return at < regex.length() ? character() : 0;
    }

    private void aClass() {
        at += regex.startsWith("[^", at) ? 2 : 1;
        int first = at;
        int least = Character.MAX_CODE_POINT;
        int greatest = 0;
        boolean ranges = false;
        while (at < regex.length() && (regex.charAt(at) != ']' || at == first)) {
            int named = regex.startsWith("[:", at) ? regex.indexOf(":]", at + 2) : -1;
            if (named >= 0) {
                at = named + 2;
            } else if (regex.startsWith("&&", at)) {
                throw new IllegalArgumentException(TEXTS.get("PatternInspection.intersection"));
            } else if (regex.charAt(at) == '[') {
                throw new IllegalArgumentException(TEXTS.get("PatternInspection.classInClass"));
            } else if (regex.charAt(at) == '\\') {
                least = 0;
                greatest = Math.max(greatest, escaped());
            } else {
                boolean hyphen = at > first && regex.charAt(at) == '-';
                // Two of them may be the beginning of a range that begins with a hyphen.
                boolean alone = hyphen && regex.charAt(at - 1) != '-' && !regex.startsWith("--", at);
                ranges |= hyphen;
                int letter = character();
                least = alone ? least : Math.min(least, letter);
                greatest = Math.max(greatest, letter);
            }
        }
        at++;
        one();
        // Whichever of them are the ends of ranges: none reaches beyond these two.
        for (int letter = Math.max(least, LAST_IN_TABLE); ranges && letter <= greatest && unpaired < 0; letter++) {
            note(letter);
        }
    }

    private void count() {
        var count = COUNT.matcher(regex).region(at, regex.length());
        if (!count.lookingAt()) {
            throw new IllegalArgumentException(TEXTS.get("PatternInspection.brace", "{", "{2}", "{1,3}", "\\{"));
        }
        boolean open = count.group(2) == null || count.group(2).isEmpty();
        String digits = open ? count.group(1) : count.group(2);
        int times = digits.length() > 4 ? LabelPattern.MAX_WRITTEN_OUT + 1 : Math.max(1, Integer.parseInt(digits));
        length += last * (times - 1) + 1;
        last = last * times + 1;
        at = count.end();
    }

    private void repetition() {
        at++;
        length++;
        last++;
    }

    private void open() {
        var flags = FLAGS.matcher(regex).region(at, regex.length());
        boolean some = flags.lookingAt();
        if (some) {
            flags(flags.group(1), flags.group(), flags.end());
        } else {
            at += regex.startsWith("(?", at) ? 2 : 1;
        }
        if (!some || regex.charAt(at - 1) == ':') {
            around.push(length);
            length = 0;
            last = 0;
        }
    }

    private void flags(String on, String all, int end) {
        ignoresCase |= on.indexOf('i') >= 0;
        dotIsAny |= on.indexOf('s') >= 0;
        if (on.indexOf('U') >= 0) {
            throw new IllegalArgumentException(TEXTS.get("PatternInspection.flag", "\\p{L}"));
        }
        at = end;
        boolean alone = regex.charAt(at - 1) == ')' && at < regex.length();
        if (alone && "*+?{".indexOf(regex.charAt(at)) >= 0) {
            throw new IllegalArgumentException(TEXTS.get("PatternInspection.repetition", all));
        }
    }

    private void close() {
        at++;
        last = length + 1;
        length = last + (around.isEmpty() ? 0 : around.pop());
    }

    private int character() {
        int letter = regex.codePointAt(at);
        note(letter);
        at += Character.charCount(letter);
        return letter;
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
