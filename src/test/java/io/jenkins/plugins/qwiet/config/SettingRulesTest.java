package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a wrong setting stands in logs of builds, too. */
class SettingRulesTest {
    @Test
    void aTokenThatWasPastedIntoTheWrongFieldIsNotQuoted() {
        String token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";
        String jwt = "eyJhbGciOiJIUzI1NiJ9." + "c".repeat(80) + ".-signature-of-it";

        assertThat(SettingRules.orgId(token)).contains("ghp_01234567…").doesNotContain("89abcdef");
        assertThat(SettingRules.orgId(jwt)).contains("eyJhbGciOiJI…").doesNotContain("signature");
        assertThat(SettingRules.variable(jwt)).contains("eyJhbGciOiJI…").doesNotContain("signature");
    }

    @Test
    void aSlipIsQuotedWhole() {
        assertThat(SettingRules.orgId("acme")).contains("\"acme\"");
        assertThat(SettingRules.variable("1 bad")).contains("\"1 bad\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "path",
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "DYLD_INSERT_LIBRARIES",
                "BASH_ENV",
                "ENV",
                "IFS",
                "HOME",
                "SHELL",
                "PS4",
                "PROMPT_COMMAND",
                "JAVA_HOME",
                "JAVA_TOOL_OPTIONS",
                "_JAVA_OPTIONS",
                "CLASSPATH",
                "MAVEN_OPTS",
                "NODE_OPTIONS",
                "PYTHONPATH",
                "PERL5OPT",
                "RUBYOPT",
                "GIT_SSH_COMMAND",
                "https_proxy",
                "JENKINS_URL",
                "JENKINS_HOME",
                "HUDSON_URL",
                "BUILD_URL",
                "JOB_NAME",
                "WORKSPACE",
                "ComSpec",
                "PATHEXT",
                "TMPDIR",
                "LC_ALL",
                "USER",
                "_"
            })
    void aNameThatMeansSomethingToOthersIsRefused(String name) {
        assertThat(SettingRules.variable(name)).contains("\"" + name + "\"", "Choose another name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOKEN", "SHIFTLEFT_ACCESS_TOKEN", "QWIET_TOKEN", "A", "MY_PATH", "T_1", "token"})
    void anyOtherNameWillDo(String name) {
        assertThat(SettingRules.variable(name)).isNull();
    }
}
