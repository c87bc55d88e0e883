package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the administrators' warning says of tokens. */
class WarningWordsTest extends WithQwiet {
    /** Qwiet named no end of the token. */
    @Test
    void theWarningDoesNotSayThatATokenExpiresOfWhichQwietNamedNoEnd() throws Exception {
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "no"));
        String id =
                qwiet.organization().add("endless", "no end", null, "access").id();
        var now = SomeLeases.now();
        var identity = new Lease.Identity(
                String.format("%032x", 4711),
                "endless",
                SomeLeases.organization(qwiet),
                Account.ofJenkins("sa"),
                "gone#1",
                "https://jenkins.example/job/gone/1/",
                now.minusSeconds(7200));
        var store = JenkinsLeases.get().leasing().store();
        store.put(new Lease(
                        identity,
                        End.NEVER,
                        id,
                        now.minusSeconds(3600),
                        new Lease.Failure("HTTP 500", now.minusSeconds(3600), false)))
                .join();
        JenkinsLeases.get().janitor().sweepAll().get();
        String said = Browser.withoutScripts(jenkins)
                .goTo("manage/")
                .getElementById("qwiet-revocations")
                .asNormalizedText();
        qwiet.clearFaults();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            JenkinsLeases.get().janitor().sweepAll().get();
            assertThat(store.leases()).isEmpty();
        });
        assertThat(said).contains("that nobody uses any more", "if it has one").doesNotContain("at the latest");
    }
}
