package io.jenkins.plugins.qwiet.lint;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One Java file, searched as text.
 *
 * @param file where it is
 * @param text all of it
 * @param code the same without what stands in comments, strings and characters; what is left is at the same place
 */
public record JavaSource(Path file, String text, String code) {
    private static final Pattern NOT_CODE = Pattern.compile(
            "(?s)(?<comment>//[^\\n]*|/\\*.*?\\*/)|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'");

    /** Reads it. */
    public static JavaSource of(Path file) {
        String text = ProjectFiles.read(file);
        return new JavaSource(file, text, code(text));
    }

    /** All below a directory. */
    public static List<JavaSource> below(Path directory) {
        return ProjectFiles.below(directory, ".java").stream()
                .map(JavaSource::of)
                .toList();
    }

    static String code(String text) {
        return NOT_CODE.matcher(text).replaceAll(match -> blank(match.group()));
    }

    private static String blank(String text) {
        boolean literal = text.startsWith("\"") || text.startsWith("'");
        var blank = new StringBuilder(text.replaceAll("[^\\n]", " "));
        if (literal) {
            // Still an argument of a call.
            blank.setCharAt(0, text.charAt(0));
            blank.setCharAt(blank.length() - 1, text.charAt(0));
        }
        return blank.toString();
    }

    /** The file's name without ending, which is its class. */
    public String name() {
        return file.getFileName().toString().replaceFirst("\\.java$", "");
    }

    /** The package, as a directory. */
    Path directory() {
        return ProjectFiles.MAIN_JAVA.relativize(file.getParent());
    }

    boolean has(String regex) {
        return Pattern.compile(regex).matcher(code).find();
    }

    /** The file of the class that this one extends, if that is of this project. */
    Optional<JavaSource> superclass() {
        var declared = Pattern.compile("\\bclass " + name() + "(?:<[^{]*?>)? extends (\\w+)")
                .matcher(code);
        return declared.find() ? sibling(declared.group(1)) : Optional.empty();
    }

    /** The files of the interfaces that the classes in this one implement, as far as they are of this project. */
    Stream<JavaSource> interfaces() {
        return Pattern.compile("\\bimplements ([\\w.,<>\\s]+)\\{")
                .matcher(code)
                .results()
                .flatMap(declared -> Stream.of(declared.group(1).split("[,\\s]+")))
                .flatMap(name -> sibling(name).stream());
    }

    /** A class that this one names, in its package or imported from another of this project. */
    Optional<JavaSource> sibling(String simpleName) {
        var imported = Pattern.compile("import (io\\.jenkins\\.plugins\\.qwiet\\.[\\w.]*\\." + simpleName + ");")
                .matcher(code);
        Path at = imported.find()
                ? ProjectFiles.MAIN_JAVA.resolve(imported.group(1).replace('.', '/') + ".java")
                : file.resolveSibling(simpleName + ".java");
        return at.toFile().isFile() ? Optional.of(of(at)) : Optional.empty();
    }
}
