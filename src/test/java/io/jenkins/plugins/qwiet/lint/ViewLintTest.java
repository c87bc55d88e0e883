package io.jenkins.plugins.qwiet.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.SAXException;

/** Reads each view, with the class that it describes and the help beside it, as Jenkins would. */
class ViewLintTest {
    private static final Set<String> CHECKED =
            Set.of("textbox", "number", "password", "textarea", "expandableTextbox", "select");

    /** A field as a class offers it, by a view of its own or one that it takes in. */
    record Offered(Described by, View.Field field) {}

    static List<Path> jelly() {
        return ProjectFiles.below(ProjectFiles.MAIN_RESOURCES, ".jelly");
    }

    static Stream<Path> help() {
        return ProjectFiles.below(ProjectFiles.MAIN_RESOURCES, ".html").stream();
    }

    static Stream<Path> ofAClass() {
        return jelly().stream().filter(file -> !owner(file).toString().isEmpty());
    }

    private static Path owner(Path view) {
        Path directory = ProjectFiles.MAIN_RESOURCES.relativize(view.getParent());
        return directory.equals(Path.of("")) ? Path.of("") : directory;
    }

    @ParameterizedTest
    @MethodSource("ofAClass")
    void isWellFormedInertAndTranslatable(Path file) {
        assertThat(ViewRules.jelly(ProjectFiles.read(file))).as(file.toString()).isEmpty();
    }

    @Test
    void describesThePluginInOneLine() throws SAXException {
        View index = View.parse(ProjectFiles.read(ProjectFiles.MAIN_RESOURCES.resolve("index.jelly")));

        assertThat(index.text()).startsWith(ViewRules.FIRST_LINE);
        assertThat(index.xml().getDocumentElement().getTextContent().strip()).doesNotContain("\n");
    }

    @ParameterizedTest
    @MethodSource("help")
    void helpIsWellFormedAndInert(Path file) {
        assertThat(ViewRules.help(ProjectFiles.read(file))).as(file.toString()).isEmpty();
    }

    @Test
    void scriptsMakeNoScripts() {
        Stream.of(Path.of("src/main/resources"), Path.of("src/main/webapp"))
                .filter(Files::isDirectory)
                .flatMap(directory -> ProjectFiles.below(directory, ".js").stream())
                .forEach(file -> assertThat(ViewRules.script(ProjectFiles.read(file)))
                        .as(file.toString())
                        .isEmpty());
    }

    @ParameterizedTest
    @MethodSource("ofAClass")
    void belongsToAClass(Path file) {
        assertThat(Described.of(owner(file))).as(file.toString()).isPresent();
    }

    @ParameterizedTest
    @MethodSource("ofAClass")
    void eachFieldHasAGetterHelpAndACheck(Path file) throws SAXException {
        var missing = new ArrayList<String>();
        for (Offered offered : offered(file)) {
            String field = offered.field().name();
            String property = Character.toUpperCase(field.charAt(0)) + field.substring(1);
            String what = offered.by().name() + "." + field;
            if (!offered.by().has("\\b(get|is)" + property + "\\(")) {
                missing.add("a getter for " + what);
            }
            if (offered.by().help(field).isEmpty()) {
                missing.add("help for " + what);
            }
            if (CHECKED.contains(offered.field().control()) && !offered.by().has("\\bdoCheck" + property + "\\(")) {
                missing.add("a check of " + what);
            }
            if (offered.field().control().equals("select") && !offered.by().has("\\bdoFill" + property + "Items\\(")) {
                missing.add("a choice for " + what);
            }
        }
        assertThat(missing).as(file.toString()).isEmpty();
    }

    @Test
    void eachHelpFileIsShownSomewhere() throws SAXException {
        var shown = new HashSet<Path>();
        for (Path file : jelly()) {
            for (Offered offered : offered(file)) {
                offered.by().help(offered.field().name()).ifPresent(shown::add);
            }
        }

        assertThat(help().filter(file -> file.getFileName().toString().startsWith("help-")))
                .isSubsetOf(shown);
    }

    private static List<Offered> offered(Path file) throws SAXException {
        var described = Described.of(owner(file));
        return described.isEmpty() ? List.of() : offered(described.get(), View.parse(ProjectFiles.read(file)));
    }

    private static List<Offered> offered(Described by, View view) throws SAXException {
        var all = new ArrayList<Offered>();
        view.fields().forEach(field -> all.add(new Offered(by, field)));
        for (View.Include include : view.includes()) {
            Path file = ProjectFiles.MAIN_RESOURCES.resolve(include.views()).resolve(include.page());
            all.addAll(offered(by, View.parse(ProjectFiles.read(file))));
        }
        return all;
    }
}
