package io.jenkins.plugins.qwiet.world;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * Plants bugs, one at a time, in a copy of the code, and counts the worlds in which a promise is broken then. Arguments: how
 * many worlds for each bug (1000), and a part of a bug's name for that one alone. Ends with status 1 if one was not found.
 */
public final class Planted {
    private static final Pattern FOUND = Pattern.compile("worlds with a broken promise (\\d+)");
    private static final Pattern FIRST = Pattern.compile("seed \\d+: .*");

    private Planted() {}

    /** See the class. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String worlds = args.length > 0 ? args[0] : "1000";
        String part = args.length > 1 ? args[1] : "";
        boolean all = true;
        for (Bug bug : Bug.ALL) {
            if (bug.name().contains(part)) {
                all &= run(bug, worlds);
            }
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean run(Bug bug, String worlds) throws IOException, InterruptedException {
        Path place = Files.createTempDirectory("planted");
        String problem = compile(bug, place);
        if (problem != null) {
            System.out.printf("%-72s cannot be planted: %s%n", bug.name(), problem);
            return false;
        }
        String classes = place + System.getProperty("path.separator") + System.getProperty("java.class.path");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // A thousand worlds are over before more pays.
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classes,
                        Worlds.class.getName(),
                        worlds,
                        "1")
                .redirectErrorStream(true)
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        java.waitFor();
        Matcher found = FOUND.matcher(output);
        long number = found.find() ? Long.parseLong(found.group(1)) : -1;
        Matcher first = FIRST.matcher(output);
        System.out.printf(
                Locale.ROOT,
                "%-72s found in %d of %s worlds%n    %s%n",
                bug.name(),
                number,
                worlds,
                first.find()
                        ? first.group().replaceFirst("(.{150}).*", "$1…")
                        : output.lines().findFirst().orElse(""));
        return number > 0;
    }

    /** Null if all went well. */
    private static String compile(Bug bug, Path place) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-nowarn",
                "-parameters",
                "-proc:none",
                "-implicit:none",
                "-d",
                place.toString(),
                "-cp",
                System.getProperty("java.class.path")));
        List<String> files = new ArrayList<>();
        try {
            for (Map.Entry<String, String> planted : bug.planted().entrySet()) {
                Path file = place.resolve("source").resolve(planted.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, planted.getValue());
                files.add(file.toString());
            }
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
        arguments.addAll(files);
        var errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler().run(null, errors, errors, arguments.toArray(String[]::new));
        return status == 0 ? null : errors.toString(StandardCharsets.UTF_8);
    }
}
