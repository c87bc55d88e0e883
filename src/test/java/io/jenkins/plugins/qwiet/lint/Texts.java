package io.jenkins.plugins.qwiet.lint;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The texts of a properties file, and what a view asks of one. */
final class Texts {
    static final Map<String, String> NONE = Map.of();

    private static final Pattern ARGUMENT = Pattern.compile("\\{(\\d+)[,}]");
    private static final Pattern CHOICE = Pattern.compile("\\{\\d+,choice,");
    private static final Pattern ASKED = Pattern.compile("\\$\\{%([^}(]+)(\\([^}]*)?}");

    private Texts() {}

    static Map<String, String> of(Path file) {
        var properties = new Unrepeated();
        try {
            properties.load(new StringReader(ProjectFiles.read(file)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return properties.texts;
    }

    /** The numbers of the arguments, each once. */
    static Set<Integer> arguments(String text) {
        var numbers = new TreeSet<Integer>();
        ARGUMENT.matcher(text).results().forEach(found -> numbers.add(Integer.valueOf(found.group(1))));
        return numbers;
    }

    /** What is left without the parts that differ with a number. */
    static String withoutChoices(String text) {
        var left = new StringBuilder();
        int depth = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '{' && (depth > 0 || CHOICE.matcher(text.substring(at)).lookingAt())) {
                depth++;
            }
            if (depth == 0) {
                left.append(c);
            }
            if (c == '}' && depth > 0) {
                depth--;
            }
        }
        return left.toString();
    }

    /** What stands behind <code>${%</code> in a view. */
    static Set<String> askedFor(String view) {
        var asked = new TreeSet<String>();
        ASKED.matcher(view).results().forEach(found -> asked.add(found.group(1).strip()));
        return asked;
    }

    /** Whether this names a text; if not, it is the English text itself. */
    static boolean isKey(String asked) {
        return asked.matches("[a-z]+[A-Z]\\w*|\\w+[._]\\w+");
    }

    /** Remembers all as strings, and refuses a key that is there twice, of which Java would silently take the last. */
    private static final class Unrepeated extends Properties {
        private static final long serialVersionUID = 1;

        private final transient Map<String, String> texts = new TreeMap<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            if (texts.put((String) key, (String) value) != null) {
                throw new IllegalStateException("The key " + key + " is there twice");
            }
            return super.put(key, value);
        }
    }
}
