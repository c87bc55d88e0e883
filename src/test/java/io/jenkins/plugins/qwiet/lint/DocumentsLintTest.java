package io.jenkins.plugins.qwiet.lint;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.SAXException;

/** What README and pages say of the plugin, held against the plugin as far as that can be done without a Jenkins. */
class DocumentsLintTest {
    private static final Pattern LITERAL = Pattern.compile("\"((?:\\\\.|[^\"\\\\\\n])+)\"");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]+))?\\)");
    private static final Pattern FENCE = Pattern.compile("(?m)^\\s*(```|~~~)");
    private static final Pattern ITALIC = Pattern.compile("(?<![*\\w])\\*(?![*\\s])([^*|`]+)\\*(?![*\\w])");
    private static final Pattern OURS = Pattern.compile("Qwiet|^(Run|Test|They|Revoke|Refuse) ");
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\./(\\w+)");

    /** Characters of a sentence that nobody writes by chance in the same words again. */
    private static final int LONG = 60;

    /** Lines: what somebody reads who looks for one thing. */
    private static final Map<String, Integer> LONGEST = Map.of(
            "README.md",
            180,
            "docs/configuration.md",
            120,
            "docs/usage.md",
            170,
            "docs/audit.md",
            130,
            "docs/administration.md",
            120,
            "docs/security.md",
            130,
            "docs/troubleshooting.md",
            80,
            "docs/architecture.md",
            100,
            "docs/monitoring.md",
            80);

    static List<Document> documents() {
        return Document.all();
    }

    static Stream<Example> examples() {
        return documents().stream().flatMap(document -> document.examples().stream());
    }

    /** {@code DocumentsTest} runs all that is in the first two languages, and is not excused. */
    @Test
    void theExamplesAreSuchAsATestRuns() {
        assertThat(examples().map(Example::language))
                .contains("groovy", "yaml")
                .isSubsetOf("groovy", "yaml", "sh", "mermaid", "");
    }

    /** One that is indented or fenced in another way would be run by nobody. */
    @ParameterizedTest
    @MethodSource("documents")
    void eachBlockIsFound(Document document) {
        assertThat(FENCE.matcher(document.text()).results())
                .hasSize(2 * document.examples().size());
        assertThat(document.text().split("<!-- not run:", -1).length - 1)
                .as("excuses before a block")
                .isEqualTo((int) document.examples().stream()
                        .filter(example -> example.notRun() != null)
                        .count());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachLinkLeadsSomewhere(Document document) {
        LINK.matcher(document.text()).results().forEach(found -> {
            Path file = found.group(1).isEmpty()
                    ? document.file()
                    : document.file().resolveSibling(found.group(1)).normalize();
            assertThat(file).exists();
            if (found.group(2) != null) {
                assertThat(Document.of(file).anchors()).as(found.group()).contains(found.group(2));
            }
        });
    }

    @Test
    void eachPageIsLinkedFromTheReadme() {
        assertThat(LINK.matcher(Document.readme().text()).results().map(found -> found.group(1)))
                .containsAll(documents().stream()
                        .map(Document::toString)
                        .filter(file -> !file.equals("README.md"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void isNoLongerThanSomebodyReads(Document document) {
        Integer longest = LONGEST.get(document.toString());
        if (longest != null) {
            assertThat(document.text().lines().count()).isLessThanOrEqualTo(longest);
        }
    }

    @Test
    void nothingIsSaidTwice() {
        Map<String, List<String>> said = documents().stream()
                .flatMap(document -> sentences(document).map(sentence -> Map.entry(sentence, document.toString())))
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));

        assertThat(said.entrySet())
                .allSatisfy(
                        each -> assertThat(each.getValue()).as(each.getKey()).hasSize(1));
    }

    private static Stream<String> sentences(Document document) {
        return Arrays.stream(document.prose().split("(?<=[.:;])\\s+|\\n\\n|\\n?\\|"))
                .map(sentence -> sentence.replaceAll("\\s+", " ").strip())
                .filter(sentence -> sentence.length() >= LONG);
    }

    @Test
    void eachCommandIsThere() {
        assertThat(examples().filter(example -> example.isIn("sh")))
                .allSatisfy(example -> assertThat(
                                COMMAND.matcher(example.text()).results().map(found -> Path.of(found.group(1))))
                        .allSatisfy(command -> assertThat(command).isExecutable()));
    }

    @Test
    void eachArgumentIsInTheTable() throws SAXException {
        Path form = ProjectFiles.MAIN_RESOURCES.resolve(ProjectFiles.PACKAGES).resolve("bind/TokenStep/config.jelly");
        for (View.Field field : View.parse(ProjectFiles.read(form)).fields()) {
            assertThat(Document.readme().text()).contains("\n| `" + field.name() + "` | ");
        }
    }

    @Test
    void eachSettingIsInTheTableAndInTheExample() {
        Document page = Document.page("configuration");
        List<String> settings = setters("config/QwietConfiguration.java");

        assertThat(settings)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page.examples())
                        .anyMatch(example ->
                                example.isIn("yaml") && example.text().contains("\n    " + name + ": ")));
        assertThat(page.table("Global settings").stream().map(row -> row.get(0).replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(settings);
    }

    @Test
    void eachArgumentOfTheAuditIsOnItsPage() {
        assertThat(setters("report/QwietTokenAudit.java"))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(Document.page("audit").text()).contains("`" + name + "`"));
    }

    private static List<String> setters(String file) {
        var source = JavaSource.of(
                ProjectFiles.MAIN_JAVA.resolve(ProjectFiles.PACKAGES).resolve(file));
        return Pattern.compile("@DataBoundSetter\\s+public void set(\\w)(\\w*)\\(")
                .matcher(source.code())
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT) + found.group(2))
                .toList();
    }

    /** A message that was reworded would leave people who search for it without help. */
    @Test
    void eachMessageUnderTroubleshootingIsOneOfThePlugin() {
        List<String> pieces = pieces();
        List<String> messages = Stream.concat(
                        Document.readme().table("Troubleshooting").stream(),
                        Document.page("troubleshooting").tables().stream())
                .map(row -> row.get(0))
                .filter(cell -> cell.startsWith("*") && cell.endsWith("*"))
                .toList();

        assertThat(messages).hasSizeGreaterThan(20);
        for (String message : messages) {
            for (String fragment : message.replace("*", "").split("…")) {
                String words = fragment.strip();
                assertThat(pieces)
                        .as("a message with the words: " + words)
                        .anyMatch(piece -> piece.contains(words)
                                || (piece.strip().length() >= 20 && words.startsWith(piece.strip())));
            }
        }
    }

    /** What is between the arguments of the messages, and the literals of the rooms that have no messages. */
    private static List<String> pieces() {
        var pieces = new ArrayList<String>();
        texts().forEach(text -> pieces.addAll(List.of(text.split("\\{\\d+}"))));
        for (JavaSource source : JavaSource.below(ProjectFiles.MAIN_JAVA)) {
            LITERAL.matcher(source.text()).results().forEach(found -> pieces.add(found.group(1)));
        }
        return pieces;
    }

    private static Stream<String> texts() {
        return MessagesLintTest.properties()
                .flatMap(file -> Texts.of(file).values().stream())
                .map(text -> text.replace("''", "'"));
    }

    @Test
    void eachLineOfALogIsOneOfThePlugin() {
        List<Pattern> messages = texts().map(text -> Arrays.stream(text.split("\\{\\d+}", -1))
                        .map(Pattern::quote)
                        .collect(joining(".+")))
                .map(Pattern::compile)
                .toList();
        List<String> lines = examples()
                .filter(example -> example.isIn(""))
                .flatMap(example -> example.text().lines())
                .filter(line -> line.startsWith("Qwiet: "))
                .toList();

        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(messages)
                        .as(line)
                        .anyMatch(message -> message.matcher(line).matches()));
    }

    /** Names of pages, buttons and fields that begin or go on like ours; those of Jenkins are its own affair. */
    @ParameterizedTest
    @MethodSource("documents")
    void eachNameOnTheScreenIsOneOfThePlugin(Document document) {
        var shown = new ArrayList<>(List.of("Qwiet CI Token")); // As the POM calls the plugin.
        texts().forEach(shown::add);
        for (Path view : ProjectFiles.below(ProjectFiles.MAIN_RESOURCES, ".jelly")) {
            shown.addAll(Texts.askedFor(ProjectFiles.read(view)));
        }

        assertThat(ITALIC.matcher(document.prose())
                        .results()
                        .flatMap(found -> Stream.of(found.group(1).split(" » ")))
                        .map(name -> name.replaceAll("\\s+", " "))
                        .filter(name -> OURS.matcher(name).find() && !name.contains("…") && !name.endsWith(".")))
                .isSubsetOf(shown);
    }

    @Test
    void eachPictureIsShownOnce() {
        for (Path picture : ProjectFiles.below(Path.of("docs", "images"), ".png")) {
            assertThat(documents().stream()
                            .filter(document -> document.text().contains("images/" + picture.getFileName() + ")")))
                    .as(picture.toString())
                    .hasSize(1);
        }
    }
}
