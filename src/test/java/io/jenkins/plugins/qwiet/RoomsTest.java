package io.jenkins.plugins.qwiet;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.lint.JavaSource;
import io.jenkins.plugins.qwiet.lint.ProjectFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the plugin, who may know whom, and how its code behaves. */
class RoomsTest {
    /** The rooms, from the ground up, and the rooms that each may use besides itself. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("api", Set.of()),
            entry("mask", Set.of("api")),
            entry("lease", Set.of("api")),
            entry("audit", Set.of("api", "lease")),
            entry("accounts", Set.of("api", "lease")),
            entry("config", Set.of("api", "lease", "accounts")),
            entry("redact", Set.of("api", "mask")),
            entry("grant", Set.of("api", "mask", "lease", "accounts", "config", "redact")),
            entry("bind", Set.of("api", "mask", "accounts", "config", "redact", "grant")),
            entry("report", Set.of("api", "lease", "audit", "accounts", "config", "grant")),
            entry("manage", Set.of("api", "lease", "audit", "accounts", "config", "grant")));

    private static final Set<String> FREE_OF_JENKINS = Set.of("api", "mask", "lease", "audit");
    private static final String PACKAGE = "io.jenkins.plugins.qwiet.";
    private static final Pattern USE = Pattern.compile("\\bio\\.jenkins\\.plugins\\.qwiet\\.(\\w+)");
    private static final Pattern JENKINS =
            Pattern.compile("\\b(hudson|jenkins|org\\.jenkinsci|org\\.kohsuke|com\\.cloudbees|org\\.jvnet)\\.[a-z]");

    /** These are started from a terminal, and talk to it. */
    private static final List<String> PROGRAMS = List.of(
            "bench/Figure", "demo/", "fake/CommandLine", "lease/LeaseSoak", "proof/", "world/Planted", "world/Worlds");
    /** A slow network has to be slow, and what is killed at any moment has to have lived until then. */
    private static final List<String> SLEEPERS = List.of("fake/Wire", "proof/", "bench/Soak", "bench/Growth");

    private static final List<JavaSource> MAIN = JavaSource.below(ProjectFiles.MAIN_JAVA);
    private static final List<JavaSource> ALL = Stream.concat(
                    MAIN.stream(), JavaSource.below(ProjectFiles.TEST_JAVA).stream())
            .toList();

    private static String room(JavaSource source) {
        Path packages = ProjectFiles.MAIN_JAVA.resolve(PACKAGE.replace('.', '/'));
        return packages.relativize(source.file().getParent()).toString();
    }

    @Test
    void eachClassStandsInARoomAndKnowsOnlyThoseThatItMayUse() {
        for (JavaSource source : MAIN) {
            String room = room(source);
            assertThat(MAY_USE).as(source.file().toString()).containsKey(room);
            assertThat(USE.matcher(source.code()).results().map(found -> found.group(1)))
                    .as(source.file().toString())
                    .allMatch(used -> used.equals(room) || MAY_USE.get(room).contains(used));
        }
    }

    @Test
    void theFirstFourRoomsKnowNothingOfJenkins() {
        for (JavaSource source : MAIN) {
            if (FREE_OF_JENKINS.contains(room(source))) {
                String code = source.code().replace(PACKAGE, "");
                assertThat(JENKINS.matcher(code).results().map(MatchResult::group))
                        .as(source.file().toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void eachNameSaysWhatItIsFor() {
        assertThat(ALL)
                .extracting(JavaSource::name)
                .noneMatch(name -> name.matches(".*(Manager|Helper|Utils?|Impl)(Test)?"));
    }

    @Test
    void nothingSleepsOrTalksToTheTerminal() {
        for (JavaSource source : ALL) {
            String file = source.file().toString().replace('\\', '/');
            if (!isOneOf(PROGRAMS, file)) {
                assertThat(source.code()).as(file).doesNotContain("System.out", "System.err");
            }
            if (!isOneOf(SLEEPERS, file)) {
                assertThat(source.code()).as(file).doesNotContainPattern("\\b(Thread|TimeUnit\\.\\w+)\\.sleep\\(");
            }
            assertThat(source.code()).as(file).doesNotContain(".printStackTrace()");
        }
    }

    private static boolean isOneOf(List<String> these, String file) {
        return these.stream().anyMatch(each -> file.contains("/qwiet/" + each));
    }

    @Test
    void eachRoomIsOnTheMaps() {
        String contributing = ProjectFiles.read(Path.of("CONTRIBUTING.md"));
        String architecture = ProjectFiles.read(Path.of("docs/architecture.md"));
        for (String room : MAIN.stream().map(RoomsTest::room).distinct().toList()) {
            assertThat(contributing).contains("\n| `" + room + "` |");
            assertThat(architecture).contains("\n| `" + room + "` |");
        }
    }
}
