package io.jenkins.plugins.qwiet.docs;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Makes of an example what people paste it into: a whole Jenkinsfile, in Declarative and in Scripted Pipeline. */
final class Dialects {
    private static final String SCAN = "sh 'sl analyze --app shop'\n";
    private static final Pattern STEPS = Pattern.compile("\\b(steps|always)\\s*\\{");
    private static final Pattern OPTION = Pattern.compile("\\boptions\\s*\\{\\s*(withQwietCiToken\\([^)]*\\))\\s*}");

    private Dialects() {}

    /** All Jenkinsfiles that an example stands for, that in its own dialect first. */
    static List<String> of(String written) {
        String example = written.strip() + "\n";
        if (example.startsWith("pipeline {")) {
            return isDeclarativeOnly(example) ? List.of(example) : List.of(example, scripted(example));
        } else if (example.startsWith("node {")) {
            return List.of(example, declarative("agent none\n", "script {\n" + example + "}\n", ""));
        } else if (example.matches("(?s)(options|environment)\\s*\\{.*")) {
            return of(declarative("agent any\n" + example, SCAN, ""));
        } else if (example.matches("(?s)post\\s*\\{.*")) {
            return of(declarative("agent any\n", "withQwietCiToken {\n" + SCAN + "}\n", example));
        }
        String steps = example.contains("sl analyze") ? example : example + SCAN;
        return List.of(declarative("agent any\n", steps, ""), "node {\n" + steps + "}\n");
    }

    /** Scripted Pipeline has no {@code environment} with {@code credentials()}. */
    private static boolean isDeclarativeOnly(String example) {
        return example.contains("credentials('");
    }

    private static String declarative(String head, String steps, String tail) {
        return "pipeline {\n" + head + "stages {\nstage('Example') {\nsteps {\n" + steps + "}\n}\n}\n" + tail + "}\n";
    }

    /** The steps of all stages, one after another, and then those that are always done. */
    private static String scripted(String declarative) {
        StringBuilder stages = new StringBuilder();
        StringBuilder post = new StringBuilder();
        STEPS.matcher(declarative)
                .results()
                .forEach(found -> (found.group(1).equals("steps") ? stages : post)
                        .append(block(declarative, found))
                        .append('\n'));
        String options = OPTION.matcher(declarative)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .map(option -> option + " {\n" + stages + "}\n")
                .orElse(stages.toString());
        return "node {\ntry {\n" + options + "} finally {\n" + post + "}\n}\n";
    }

    /** What is between the brace that was found and its other one. No text in an example has one alone. */
    private static String block(String code, MatchResult opened) {
        int depth = 1;
        int end = opened.end();
        while (depth > 0) {
            char next = code.charAt(end++);
            depth += next == '{' ? 1 : next == '}' ? -1 : 0;
        }
        return code.substring(opened.end(), end - 1);
    }
}
