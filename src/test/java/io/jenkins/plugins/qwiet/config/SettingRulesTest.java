package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
