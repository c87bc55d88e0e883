package io.jenkins.plugins.qwiet.docs;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.PluginWrapper;
import io.jenkins.plugins.qwiet.harness.OwnJenkins;
import io.jenkins.plugins.qwiet.lint.BuiltOn;
import io.jenkins.plugins.qwiet.lint.Pom;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What the page on dependencies says of versions, held against what Jenkins is told when it loads the plugin. */
@OwnJenkins
class BuiltOnVersionsTest {
    @Test
    void namesTheVersionsOfThePluginsAsTheArchiveDoes(JenkinsRule jenkins) {
        var bom = Pom.dependencies().stream()
                .filter(each -> Objects.equals(each.scope(), "import"))
                .findAny()
                .orElseThrow();
        assumeTrue(
                BuiltOn.isOf(bom.artifactId(), bom.version()),
                "the page is about the versions of another BOM: an update of it need not wait for the page");

        PluginWrapper plugin = jenkins.getPluginManager().getPlugin("qwiet-ci-token");

        // Jenkins adds those that are optional and there, and may do so more than once.
        assertThat(plugin.getDependencies().stream()
                        .map(each -> Map.entry(each.shortName, each.version))
                        .distinct()
                        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue)))
                .isEqualTo(BuiltOn.plugins());
    }
}
