package io.jenkins.plugins.qwiet.lint;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What {@code docs/dependencies.md} says that the plugin is built on: names with their versions. */
public final class BuiltOn {
    private static final String TEXT = ProjectFiles.read(Path.of("docs", "dependencies.md"));

    private BuiltOn() {}

    public static Map<String, String> plugins() {
        return versions("Plugins");
    }

    static Map<String, String> libraries() {
        return versions("Bundled library");
    }

    /** Whether the versions of the plugins are those of a BOM. */
    public static boolean isOf(String bom, String version) {
        return TEXT.contains("BOM `" + bom + "` " + version + ",");
    }

    private static Map<String, String> versions(String heading) {
        var versions = new TreeMap<String, String>();
        Table.below(heading, TEXT).forEach(row -> versions.put(row.get(0).replace("`", ""), row.get(1)));
        return versions;
    }
}
