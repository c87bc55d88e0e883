package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.util.Locale;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;

class OwnNoncesTest extends WithQwiet {
    @Test
    void knowsItsOwnAndNoOther() {
        String own = OwnNonces.next();
        assertThat(own).matches("[0-9a-f]{32}").isNotEqualTo(OwnNonces.next());
        assertThat(OwnNonces.isOwn(own)).isTrue();
        for (int i = 0; i < own.length(); i++) {
            char other = own.charAt(i) == '0' ? '1' : '0';
            assertThat(OwnNonces.isOwn(own.substring(0, i) + other + own.substring(i + 1)))
                    .as("another digit at %d", i)
                    .isFalse();
        }
        assertThat(Stream.of(
                        "",
                        own.substring(1),
                        own + "0",
                        own.toUpperCase(Locale.ROOT) + "é",
                        TokenDescription.newNonce()))
                .noneMatch(OwnNonces::isOwn);
    }

    @Test
    void knowsABeginningThatChanceSeldomMakes() {
        String own = OwnNonces.next();
        char other = own.charAt(25) == '0' ? '1' : '0';
        assertThat(OwnNonces.beginning(own)).isEqualTo(own);
        assertThat(OwnNonces.beginning(own + "https://")).isEqualTo(own);
        assertThat(OwnNonces.beginning(own.substring(0, 20))).isEqualTo(own.substring(0, 20));
        assertThat(OwnNonces.beginning(own.substring(0, 24) + "truncated")).isEqualTo(own.substring(0, 24));
        assertThat(OwnNonces.beginning(own.substring(0, 25) + other)).isEqualTo(own.substring(0, 25));
        assertThat(Stream.of(
                        "",
                        own.substring(0, 19),
                        own.substring(0, 19) + (own.charAt(19) == '0' ? '1' : '0'),
                        "a text that is no nonce",
                        TokenDescription.newNonce()))
                .allMatch(text -> OwnNonces.beginning(text).isEmpty());
        assertThat(OwnNonces.isOwn(own.substring(0, 31))).isFalse();
    }

    @Test
    void thoseOfTheLeasesOfThisJenkinsAre() throws Exception {
        var job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken(label: 'scan') { echo 'scans' }", true));
        var run = jenkins.buildAndAssertSuccess(job);
        assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                .singleElement()
                .satisfies(token -> assertThat(OwnNonces.isOwn(token.nonce())).isTrue());
    }
}
