package io.jenkins.plugins.qwiet.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads each {@code Messages.properties} with the Java that uses it: nothing missing, nothing left over. */
class MessagesLintTest {
    private static final Pattern KEY = Pattern.compile("\"([A-Z]\\w*\\.[a-z]\\w*)\"");

    private static final Pattern PLURAL = Pattern.compile(
            "\\{\\d+(,number[^}]*)?}( (more|orphaned|unrevoked|unused|active|expired|CI))*"
                    + " (tokens|leases|builds|jobs|organizations|audits|days|hours|minutes|seconds|characters|bytes|times)\\b");

    /** The number of each is never 1. */
    private static final List<String> ALWAYS_SEVERAL = List.of(
            "JournalText.tooLong",
            "LabelPattern.tooLong",
            "OpenTokenRow.revokeBuild",
            "PatternInspection.tooLong",
            "QwietConnections.clockAhead",
            "QwietConnections.clockBehind",
            "ReportView.truncated",
            "RequestRules.descriptionTooLong",
            "RequestRules.labelTooLong",
            "SettingRules.timeout",
            "SettingRules.validity",
            "TokenLog.minutes");

    static Stream<Path> messages() {
        return ProjectFiles.below(ProjectFiles.MAIN_RESOURCES, "Messages.properties").stream();
    }

    static Stream<Path> properties() {
        return ProjectFiles.below(ProjectFiles.MAIN_RESOURCES, ".properties").stream();
    }

    private static List<JavaSource> users(Path messages) {
        Path room = ProjectFiles.MAIN_JAVA.resolve(ProjectFiles.MAIN_RESOURCES.relativize(messages.getParent()));
        return JavaSource.below(room);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void eachKeyBelongsToAClassAndIsUsed(Path file) {
        List<JavaSource> users = users(file);
        for (String key : Texts.of(file).keySet()) {
            String owner = key.replaceFirst("\\..*", "");
            assertThat(key).matches("[A-Z]\\w*\\.[a-z]\\w*");
            assertThat(users)
                    .extracting(JavaSource::name)
                    .as("the class of " + key)
                    .contains(owner);
            assertThat(users)
                    .as("a use of " + key)
                    .anyMatch(source -> source.has("\\bMessages(\\.|::)" + key.replace('.', '_') + "\\b"));
        }
    }

    @Test
    void eachUseHasAKeyAndItsArguments() {
        for (JavaSource source : JavaSource.below(ProjectFiles.MAIN_JAVA)) {
            Path file = ProjectFiles.MAIN_RESOURCES.resolve(source.directory()).resolve("Messages.properties");
            var texts = Files.exists(file) ? Texts.of(file) : Texts.NONE;
            for (MessageCall call : MessageCall.in(source.code())) {
                assertThat(texts).as(source.name()).containsKey(call.key());
                assertThat(call.arguments())
                        .as("arguments of %s in %s", call.key(), source.name())
                        .isEqualTo(Texts.arguments(texts.get(call.key())).size());
            }
        }
    }

    static Stream<Path> texts() {
        return ProjectFiles.below(ProjectFiles.MAIN_RESOURCES, "Texts.properties").stream();
    }

    /** Those of the rooms that have no generated {@code Messages}. */
    @ParameterizedTest
    @MethodSource("texts")
    void eachTextIsUsedAndEachUseHasOne(Path file) {
        List<String> asked = users(file).stream()
                .filter(source -> source.has("\\bTexts TEXTS\\b"))
                .flatMap(source -> KEY.matcher(source.text()).results().map(found -> found.group(1)))
                .distinct()
                .toList();

        assertThat(Texts.of(file).keySet()).isNotEmpty().containsExactlyInAnyOrderElementsOf(asked);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void eachTextGetsItsArguments(Path file) {
        var texts = Texts.of(file);
        for (JavaSource source : users(file)) {
            for (MessageCall call : MessageCall.ofTexts(source)) {
                assertThat(call.arguments())
                        .as("arguments of %s in %s", call.key(), source.name())
                        .isEqualTo(Texts.arguments(texts.get(call.key())).size());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("properties")
    void everyTextIsFitForMessageFormat(Path file) {
        Texts.of(file).forEach((key, text) -> {
            assertThat(text).as(key).isNotBlank();
            assertThat(text.replace("''", ""))
                    .as("apostrophes are doubled in " + key)
                    .doesNotContain("'");
            var numbers = new TreeSet<>(Texts.arguments(text));
            assertThat(numbers).as("arguments of " + key).containsExactlyElementsOf(numbersBelow(numbers.size()));
            assertThatNoException().as("braces of " + key).isThrownBy(() -> new MessageFormat(text));
        });
    }

    /** "1 tokens" is read in a log or on a page sooner or later: such a text has a choice of forms. */
    @Test
    void aNumberAndWhatItCountsAgree() {
        var plurals = new TreeSet<String>();
        properties()
                .forEach(file -> Texts.of(file).forEach((key, text) -> {
                    if (PLURAL.matcher(Texts.withoutChoices(text)).find()) {
                        plurals.add(key);
                    }
                }));
        assertThat(plurals).containsExactlyInAnyOrderElementsOf(ALWAYS_SEVERAL);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void everyChoiceHasAFormForEachNumber(Path file) {
        Texts.of(file).forEach((key, text) -> {
            for (int number : text.contains(",choice,") ? new int[] {0, 1, 2, 1234} : new int[0]) {
                Object[] numbers = new Object[10];
                Arrays.fill(numbers, number);
                String words = new MessageFormat(text, Locale.ENGLISH).format(numbers);
                assertThat(words).as(key).doesNotContain("{", "}", "|", "#", "  ");
            }
        });
    }

    private static List<Integer> numbersBelow(int count) {
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    @ParameterizedTest
    @MethodSource("properties")
    void readsAlikeInEachEncoding(Path file) {
        assertThat(ProjectFiles.read(file)).as(file.toString()).matches("\\p{ASCII}*");
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.qwiet.lint.ViewLintTest#jelly")
    void aViewHasTheTextsThatItAsksFor(Path view) {
        Path file = view.resolveSibling(view.getFileName().toString().replace(".jelly", ".properties"));
        var texts = Files.exists(file) ? Texts.of(file) : Texts.NONE;
        var asked = Texts.askedFor(ProjectFiles.read(view));

        assertThat(texts.keySet()).as("texts that nobody asks for").isSubsetOf(asked);
        assertThat(asked.stream().filter(Texts::isKey)).isSubsetOf(texts.keySet());
    }
}
