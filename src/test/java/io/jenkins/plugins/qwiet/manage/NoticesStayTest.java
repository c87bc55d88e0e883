package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.Browser;
import java.time.Duration;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;

/** A page that looks again since one act goes on must not take away what it says of another. */
class NoticesStayTest extends NoticesOfActs {
    private static final String NOT_KNOWN = "The tokens of ";

    /** The neighbour: nothing else goes on. */
    @Test
    void anAnswerStaysWhereNothingGoesOn() throws Exception {
        qwiet.faultAlways(Fault.status(Operation.LIST, 401, "UNAUTHORIZED", "who are you"));
        try (var client = Browser.of(jenkins, "admin")) {
            HtmlPage page = act(client, "organizations/look" + query());
            client.waitForBackgroundJavaScript(6000);
            assertThat(notices(page)).anyMatch(each -> each.startsWith(NOT_KNOWN));
        }
    }

    @Test
    void anErrorStaysWhileAnotherActGoesOn() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#7");
        qwiet.clearFaults();
        qwiet.faultAlways(Fault.status(Operation.LIST, 401, "UNAUTHORIZED", "who are you"));
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var client = Browser.of(jenkins, "admin")) {
            assertThat(notices(act(client, "revokeBuild?build=gone%237")))
                    .singleElement()
                    .asString()
                    .startsWith("Revoked 0 of 2");
            HtmlPage page = act(client, "organizations/look" + query());
            assertThat(notices(page)).anyMatch(each -> each.startsWith(NOT_KNOWN));
            client.waitForBackgroundJavaScript(6000);
            assertThat(notices(page)).as("4 s later").anyMatch(each -> each.startsWith(NOT_KNOWN));
        } finally {
            hold.release();
            endTheRest();
        }
    }

    @Test
    void aResultThatComesStaysWhileAnotherActGoesOn() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#7");
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold deletes = qwiet.hold(Operation.DELETE);
        Hold lists = qwiet.hold(Operation.LIST);
        try (var client = Browser.of(jenkins, "admin")) {
            act(client, "revokeBuild?build=gone%237");
            HtmlPage page = act(client, "organizations/look" + query());
            assertThat(notices(page)).hasSize(2);
            deletes.release();
            await().pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
                client.waitForBackgroundJavaScript(300);
                assertThat(notices(page)).contains("Revoked 2 tokens of gone#7.");
            });
            client.waitForBackgroundJavaScript(6000);
            assertThat(notices(page)).as("some seconds later").contains("Revoked 2 tokens of gone#7.");
        } finally {
            deletes.release();
            lists.release();
            endTheRest();
        }
    }

    /** As after a restart of Jenkins, or of a balancer that forgets the session: the browser logs in again by itself. */
    @Test
    void anActIsNotForgottenInSilenceWhenTheSessionEnds() throws Exception {
        open(1, "scan", "gone#7");
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var client = Browser.of(jenkins, "admin")) {
            HtmlPage page = act(client, "revokeBuild?build=gone%237");
            assertThat(notices(page)).singleElement().asString().contains("this page shows the result when it is done");
            client.getCookieManager().clearCookies();
            client.waitForBackgroundJavaScript(6000);
            assertThat(notices(page)).as("something is still said of it").isNotEmpty();
        } finally {
            hold.release();
            endTheRest();
        }
    }
}
