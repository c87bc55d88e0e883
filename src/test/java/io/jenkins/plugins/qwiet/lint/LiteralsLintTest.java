package io.jenkins.plugins.qwiet.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps what people read out of the Java of the rooms that have {@code Texts.properties}, so that it can be translated. What goes
 * to a logger, or to whoever mends this plugin, may be English.
 */
class LiteralsLintTest {
    /** As it stands in code without the contents of strings. */
    private static final Pattern LITERAL = Pattern.compile("\" *\"");

    private static final Pattern SENTENCE = Pattern.compile("\\p{Lu}\\S* .*\\S+ .*\\.\\s*");
    private static final Pattern CLAUSE = Pattern.compile("(?<![\\p{L}(?|_-])\\p{Ll}+(?:[,;:]? \\p{Ll}+){2,}");

    private static final Pattern LOGGED = Pattern.compile("\\bLOGGER\\.");
    /** What cannot happen, said to whoever mends this plugin. */
    private static final Pattern INTERNAL = Pattern.compile(
            "\\bnew (?:IllegalState|UncheckedIO|NullPointer)Exception\\(|\\bnew AssertionError\\(|\\brequireNonNull\\(");
    /** What something else is expected to write. */
    private static final Pattern READ =
            Pattern.compile("\\bPattern\\.compile\\(|\\bofPattern\\(|\\.(?:equals|startsWith|endsWith|contains)\\($");
    /** Of which only a sentence is for people: "not a nonce" is for a programmer, or for a log that quotes it. */
    private static final Pattern THROWN = Pattern.compile("\\bnew \\w*Exception\\(");

    private static final Pattern CONSTANT = Pattern.compile("\\bstatic final String (\\w+) =[^=]*");

    static Stream<Path> rooms() {
        return MessagesLintTest.texts()
                .map(file -> ProjectFiles.MAIN_JAVA.resolve(ProjectFiles.MAIN_RESOURCES.relativize(file.getParent())));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomSpeaksByItsTexts(Path room) {
        List<JavaSource> sources = JavaSource.below(room);

        assertThat(sources.stream()
                        .flatMap(source -> spoken(source, sources).map(words -> source.name() + ": " + words)))
                .as("belongs into Texts.properties")
                .isEmpty();
    }

    @Test
    void knowsWhoIsSpokenTo() {
        assertThat(spokenIn("return \"The list is too long.\";")).containsExactly("The list is too long.");
        assertThat(spokenIn("return why + \"; the list is too long\";")).hasSize(1);
        assertThat(spokenIn("throw new IllegalArgumentException(\"This is no URL.\");"))
                .hasSize(1);
        assertThat(spokenIn("static final String WHY = \"The list is too long.\"; f(WHY);"))
                .hasSize(1);
        assertThat(spokenIn("static final String WHY = \"The list is too long.\"; LOGGER.info(WHY); f(WHY);"))
                .hasSize(1);

        assertThat(spokenIn("LOGGER.log(Level.FINE, e, () -> \"The list is too long.\");"))
                .isEmpty();
        assertThat(spokenIn("static final String WHY = \"The list is too long.\"; LOGGER.info(WHY);"))
                .isEmpty();
        assertThat(spokenIn("static final String WHOLE = \"it is the whole\"; f(WHOLE.equals(stored));"))
                .isEmpty();
        assertThat(spokenIn("throw new IllegalStateException(\"This cannot happen.\");"))
                .isEmpty();
        assertThat(spokenIn("throw new IllegalArgumentException(\"not a nonce: \" + nonce);"))
                .isEmpty();
        assertThat(spokenIn("return message.startsWith(\"The list is too long.\");"))
                .isEmpty();
        assertThat(spokenIn("/** The list is \"not the whole one.\" */ return json.path(\"expires_at\");"))
                .isEmpty();
    }

    private static Stream<String> spokenIn(String code) {
        var source = new JavaSource(Path.of("Some.java"), code, JavaSource.code(code));
        return spoken(source, List.of(source));
    }

    /** @param room its classes may use each other's constants */
    private static Stream<String> spoken(JavaSource source, List<JavaSource> room) {
        return LITERAL.matcher(source.code())
                .results()
                .filter(literal -> isSpoken(source, literal.start(), literal.end(), room))
                .map(literal -> source.text().substring(literal.start() + 1, literal.end() - 1));
    }

    private static boolean isSpoken(JavaSource source, int start, int end, List<JavaSource> room) {
        String words = source.text().substring(start + 1, end - 1);
        String before = statement(source.code(), start);
        boolean sentence = SENTENCE.matcher(words).matches();
        if (!sentence && !CLAUSE.matcher(words).find()
                || LOGGED.matcher(before).find()
                || INTERNAL.matcher(before).find()
                || READ.matcher(before).find()
                || !sentence && THROWN.matcher(before).find()) {
            return false;
        }
        Matcher constant = CONSTANT.matcher(before);
        return !constant.find() || !isNotShown(constant.group(1), room);
    }

    /** What the code compares is data; else all its uses have to be a logger's. */
    private static boolean isNotShown(String constant, List<JavaSource> room) {
        var use = Pattern.compile("\\b" + constant + "\\b(?! =)");
        return room.stream().anyMatch(source -> source.has("\\b" + constant + "\\.equals\\("))
                || room.stream()
                        .allMatch(source -> use.matcher(source.code())
                                .results()
                                .allMatch(found -> LOGGED.matcher(statement(source.code(), found.start()))
                                        .find()));
    }

    /** What is before a place in its statement. */
    private static String statement(String code, int at) {
        int begin = at;
        while (begin > 0 && ";{}".indexOf(code.charAt(begin - 1)) < 0) {
            begin--;
        }
        return code.substring(begin, at);
    }
}
