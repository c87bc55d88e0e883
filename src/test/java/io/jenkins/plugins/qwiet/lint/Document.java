package io.jenkins.plugins.qwiet.lint;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The README or one of the pages that it leads to, as far as tests hold it to its word.
 *
 * @param file where it is
 * @param text all of it
 */
public record Document(Path file, String text) {
    private static final Path PAGES = Path.of("docs");
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^(?:<!-- not run: ([^\\n]+) -->\\n)?```(\\w*)\\n(.*?)^```$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    /** The README, and then all pages. */
    public static List<Document> all() {
        return Stream.concat(
                        Stream.of(readme()),
                        ProjectFiles.below(PAGES, ".md").stream().map(Document::of))
                .toList();
    }

    public static Document readme() {
        return of(Path.of("README.md"));
    }

    /** One of the pages, by its name without the ending. */
    public static Document page(String name) {
        return of(PAGES.resolve(name + ".md"));
    }

    static Document of(Path file) {
        return new Document(file, ProjectFiles.read(file));
    }

    /** All blocks of code, from top to bottom. */
    public List<Example> examples() {
        return BLOCK.matcher(text)
                .results()
                .map(found -> new Example(
                        file,
                        (int) text.substring(0, found.start(3)).lines().count() + 1,
                        found.group(2),
                        found.group(3),
                        found.group(1)))
                .toList();
    }

    /** Those in one language that a test runs, of all documents. */
    public static Stream<Example> run(String language) {
        return all().stream()
                .flatMap(document -> document.examples().stream())
                .filter(example -> example.isIn(language) && example.notRun() == null);
    }

    /** The cells of the first table below a heading, row by row, without the two rows of its head. */
    public List<List<String>> table(String heading) {
        return Table.below(heading, text);
    }

    /** The cells of all tables, likewise. */
    List<List<String>> tables() {
        return Table.all(text);
    }

    /** What a link to a heading has behind its hash, for all headings. */
    Set<String> anchors() {
        return HEADING.matcher(prose())
                .results()
                .map(found -> found.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** The text without blocks of code. */
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
