package io.jenkins.plugins.qwiet.lint;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whoever adds or updates what the plugin is built on has to say so, and to look for advisories. */
class BuiltOnTest {
    @Test
    void namesEachLibraryThatIsBundledWithItsVersion() {
        assertThat(BuiltOn.libraries())
                .isNotEmpty()
                .isEqualTo(Pom.dependencies().stream()
                        .filter(each -> each.scope() == null && each.version() != null)
                        .collect(toMap(each -> each.groupId() + ":" + each.artifactId(), Pom.Dependency::version)));
    }

    @Test
    void namesEachPluginThatIsNeeded() {
        assertThat(BuiltOn.plugins().keySet())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(Pom.dependencies().stream()
                        .filter(each -> each.scope() == null && each.version() == null)
                        .map(Pom.Dependency::artifactId)
                        .toList());
    }
}
