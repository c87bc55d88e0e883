package io.jenkins.plugins.qwiet.lint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A class that people meet in a form, with the types above it.
 *
 * @param sources its own file, those of its interfaces, then those of its superclass and so on, as far as they are of
 *     this project
 */
record Described(List<JavaSource> sources) {
    private static final Pattern REDIRECT =
            Pattern.compile("addHelpFileRedirect\\(\\s*(\"?)(\\w+)\"?\\s*,\\s*(\\w+)\\.class\\s*,\\s*\"?(\\w+)\"?");

    /** That of a view; empty if there is no such class. */
    static Optional<Described> of(Path directoryOfViews) {
        for (Path at = directoryOfViews; at != null; at = at.getParent()) {
            Path file = ProjectFiles.MAIN_JAVA.resolve(at + ".java");
            if (Files.isRegularFile(file)) {
                return Optional.of(of(JavaSource.of(file)));
            }
        }
        return Optional.empty();
    }

    static Described of(JavaSource source) {
        var chain = new ArrayList<JavaSource>();
        for (Optional<JavaSource> each = Optional.of(source); each.isPresent(); ) {
            chain.add(each.get());
            each.get().interfaces().forEach(chain::add);
            each = each.get().superclass();
        }
        return new Described(List.copyOf(chain));
    }

    String name() {
        return sources.get(0).name();
    }

    boolean has(String regex) {
        return sources.stream().anyMatch(source -> source.has(regex));
    }

    /** Where the help of a field is to be found, beside it or where the class says; empty if nowhere. */
    Optional<Path> help(String field) {
        return Stream.concat(sources.stream().map(Described::views), redirects(field))
                .map(directory -> directory.resolve("help-" + field + ".html"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private Stream<Path> redirects(String field) {
        return sources.stream()
                .flatMap(source -> REDIRECT.matcher(source.text())
                        .results()
                        .filter(found ->
                                found.group(1).isEmpty() || found.group(2).equals(field))
                        .flatMap(found -> source.sibling(found.group(3)).stream()))
                .flatMap(target -> of(target).sources().stream())
                .map(Described::views);
    }

    private static Path views(JavaSource source) {
        return ProjectFiles.MAIN_RESOURCES.resolve(source.directory()).resolve(source.name());
    }
}
