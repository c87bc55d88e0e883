package io.jenkins.plugins.qwiet.lint;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The dependencies in {@code pom.xml}, as far as tests compare them with something. */
public final class Pom {
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>\\s*"
            + "<groupId>([^<]+)</groupId>\\s*"
            + "<artifactId>([^<]+)</artifactId>\\s*"
            + "(?:<version>([^<]+)</version>\\s*)?"
            + "(?:<classifier>[^<]+</classifier>\\s*)?"
            + "(?:<type>[^<]+</type>\\s*)?"
            + "(?:<scope>([^<]+)</scope>\\s*)?"
            + "</dependency>");

    /**
     * One of them.
     *
     * @param version null where the BOM says it
     * @param scope null for one that the plugin itself needs
     */
    public record Dependency(String groupId, String artifactId, String version, String scope) {}

    private Pom() {}

    /** All of them, those that are imported included. */
    public static List<Dependency> dependencies() {
        String text = ProjectFiles.read(Path.of("pom.xml"));
        var baseline = Pattern.compile("<jenkins.baseline>([^<]+)<").matcher(text);
        if (!baseline.find()) {
            throw new IllegalStateException("pom.xml has no baseline");
        }
        return DEPENDENCY
                .matcher(text.replace("${jenkins.baseline}", baseline.group(1))
                        .replaceAll("\\s*<optional>true</optional>", ""))
                .results()
                .map(Pom::dependency)
                .toList();
    }

    private static Dependency dependency(MatchResult found) {
        return new Dependency(found.group(1), found.group(2), found.group(3), found.group(4));
    }
}
