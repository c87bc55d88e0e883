package io.jenkins.plugins.qwiet.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

/** What the README says of the plugin, held against the plugin as far as that can be done without a Jenkins. */
class ReadmeLintTest {
    private static final Pattern LITERAL = Pattern.compile("\"((?:\\\\.|[^\"\\\\\\n])+)\"");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)");

    /** {@code ReadmeTest} runs all that is in these two languages. */
    @Test
    void hasExamplesThatATestRuns() {
        assertThat(Readme.languages()).contains("groovy", "yaml").isSubsetOf("groovy", "yaml", "sh", "mermaid", "");
    }

    @Test
    void eachFileThatItLinksToIsThere() {
        assertThat(LINK.matcher(Readme.text()).results().map(found -> Path.of(found.group(1))))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void eachArgumentIsInTheTable() throws SAXException {
        Path form = ProjectFiles.MAIN_RESOURCES.resolve(ProjectFiles.PACKAGES).resolve("bind/TokenStep/config.jelly");
        for (View.Field field : View.parse(ProjectFiles.read(form)).fields()) {
            assertThat(Readme.text()).contains("\n| `" + field.name() + "` | ");
        }
    }

    @Test
    void eachSettingIsInTheExample() {
        var settings = JavaSource.of(
                ProjectFiles.MAIN_JAVA.resolve(ProjectFiles.PACKAGES).resolve("config/QwietConfiguration.java"));
        Pattern.compile("@DataBoundSetter\\s+public void set(\\w)(\\w*)\\(")
                .matcher(settings.code())
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT) + found.group(2))
                .forEach(name -> assertThat(Readme.examples("yaml"))
                        .as(name)
                        .anyMatch(example -> example.contains("\n    " + name + ": ")));
    }

    /** A message that was reworded would leave people who search for it without help. */
    @Test
    void eachMessageUnderTroubleshootingIsOneOfThePlugin() {
        List<String> pieces = pieces();
        for (List<String> row : Readme.table("Troubleshooting")) {
            for (String fragment : row.get(0).replace("*", "").split("…")) {
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
        MessagesLintTest.properties()
                .flatMap(file -> Texts.of(file).values().stream())
                .map(text -> text.replace("''", "'"))
                .forEach(text -> pieces.addAll(List.of(text.split("\\{\\d+}"))));
        for (JavaSource source : JavaSource.below(ProjectFiles.MAIN_JAVA)) {
            LITERAL.matcher(source.text()).results().forEach(found -> pieces.add(found.group(1)));
        }
        return pieces;
    }
}
