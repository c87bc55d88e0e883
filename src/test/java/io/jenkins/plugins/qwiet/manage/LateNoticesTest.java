package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.Browser;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What is said of an act after its time: to somebody who left the page, or after others acted too. */
class LateNoticesTest extends NoticesOfActs {
    /** Longer than a page to which an act leads is waited for. */
    private static final Duration LEFT = Duration.ofSeconds(11);

    /** The browser does not come to the page to which the act leads: the tab was closed, say. */
    private static void actAndLeave(JenkinsRule.WebClient client, String path) throws Exception {
        client.getOptions().setRedirectEnabled(false);
        var post = new WebRequest(new URL(jenkins.getURL(), PAGE + path), HttpMethod.POST);
        assertThat(client.loadWebResponse(client.addCrumb(post)).getStatusCode())
                .isEqualTo(302);
        client.getOptions().setRedirectEnabled(true);
    }

    @Test
    void anAnswerThatIsSaidAtOnceIsTrue() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#7");
        try (var client = Browser.withoutScripts(jenkins, "admin")) {
            assertThat(notices(act(client, "revokeBuild?build=gone%237")))
                    .singleElement()
                    .asString()
                    .contains("Could not revoke 2", "tried just now", "Jenkins keeps trying");
        }
        endTheRest();
    }

    @Test
    void whatWasRevokedMeanwhileIsNotSaidToBeTried() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#7");
        try (var client = Browser.withoutScripts(jenkins, "admin")) {
            actAndLeave(client, "revokeBuild?build=gone%237");
            endTheRest();
            await().untilAsserted(() -> assertThat(store.leases()).isEmpty());
            assertThat(qwiet.organization().liveTokens()).isEmpty();
            await().pollDelay(LEFT).until(() -> true);
            HtmlPage page = client.goTo(PAGE);
            assertThat(notices(page))
                    .as("both are revoked")
                    .allSatisfy(each -> assertThat(each).doesNotContain("Jenkins keeps trying", "Could not revoke"));
        }
    }

    @Test
    void whatIsSaidLaterHasTheTimeAtWhichItWasTried() {
        Instant tried = Instant.parse("2026-08-01T12:00:00Z");

        assertThat(new Acts(store, tried).failed(List.of("HTTP 500"))).contains("tried earlier (2026-08-01 12:00 UTC)");
        assertThat(new Acts(store, Instant.now()).failed(List.of("HTTP 500"))).contains("tried just now (");
    }

    /** Two administrators, or one who presses twice, when Qwiet is slow. */
    @Test
    void eachCleanupSaysItsOwnNumbers() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#8");
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var one = Browser.withoutScripts(jenkins, "admin");
                var other = Browser.withoutScripts(jenkins, "admin")) {
            HtmlPage first = act(one, "sweep");
            HtmlPage second = act(other, "sweep");
            assertThat(notices(first)).singleElement().asString().startsWith("The cleanup continues");
            assertThat(notices(second)).singleElement().asString().startsWith("The cleanup continues");
            hold.release();
            await().untilAsserted(() -> assertThat(notices((HtmlPage) second.refresh()))
                    .singleElement()
                    .asString()
                    .startsWith("Cleanup completed"));
            await().untilAsserted(() -> assertThat(store.leases()).isEmpty());
            assertThat(notices((HtmlPage) first.refresh()))
                    .singleElement()
                    .asString()
                    .contains("2 revoked");
        }
    }

    /** The neighbour: nobody else cleans up. */
    @Test
    void aCleanupSaysItsNumbers() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#8");
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var one = Browser.withoutScripts(jenkins, "admin")) {
            HtmlPage first = act(one, "sweep");
            hold.release();
            await().untilAsserted(() -> assertThat(notices((HtmlPage) first.refresh()))
                    .singleElement()
                    .asString()
                    .startsWith("Cleanup completed: 2 revoked"));
        }
    }

    /** The janitor cleans up each minute; whoever left the page comes back after that. */
    @Test
    void aCleanupSaysItsOwnNumbersAfterThatOfTheNextMinute() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#8");
        qwiet.clearFaults();
        try (var client = Browser.withoutScripts(jenkins, "admin")) {
            actAndLeave(client, "sweep");
            JenkinsLeases.get().janitor().sweep().get();
            await().pollDelay(LEFT).until(() -> true);
            assertThat(notices(client.goTo(PAGE))).singleElement().asString().contains("2 revoked");
        }
    }

    /** A script that revokes one by one, or a hundred clicks. */
    @Test
    void anActThatGoesOnIsNotForgottenForOthersThatAreOver() throws Exception {
        open(1, "scan", "gone#7");
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var one = Browser.withoutScripts(jenkins, "admin");
                var other = Browser.withoutScripts(jenkins, "admin")) {
            HtmlPage page = act(one, "revokeBuild?build=gone%237");
            assertThat(notices(page)).singleElement().asString().contains("this page shows the result");
            other.getOptions().setRedirectEnabled(false);
            for (int number = 0; number < 100; number++) {
                var post = new WebRequest(
                        new URL(jenkins.getURL(), PAGE + "revoke?nonce=" + String.format("%032x", 1000 + number)),
                        HttpMethod.POST);
                other.loadWebResponse(other.addCrumb(post));
                if (number == 98) {
                    assertThat(notices((HtmlPage) page.refresh()))
                            .as("after 99")
                            .hasSize(1);
                }
            }
            hold.release();
            await().untilAsserted(() -> assertThat(store.leases()).isEmpty());
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(
                            () -> assertThat(notices((HtmlPage) page.refresh())).isNotEmpty());
        } finally {
            hold.release();
            endTheRest();
        }
    }
}
