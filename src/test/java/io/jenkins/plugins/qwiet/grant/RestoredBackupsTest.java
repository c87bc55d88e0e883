package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.fake.Dialect;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** Leases and builds of which one was restored from a backup, and the other was not. */
class RestoredBackupsTest extends OnJenkins {
    /**
     * The directory of jobs was restored from a backup, with an older nextBuildNumber, and Qwiet was out of reach at the
     * start: the next build has the number of one whose token is live.
     */
    @Test
    void aTokenOfAFormerBuildIsNotInUseByANewOneOfTheSameNumber() throws Exception {
        FakeToken old = qwiet.organization().add("former", "of the build before", null, "access");
        Paused now = paused("semaphore 'PAUSE'");
        var store = JenkinsLeases.get().leasing().store();
        var identity = new Lease.Identity(
                "0123456789abcdef0123456789abcdef",
                "former",
                new Organization(
                        ApiAddress.parse(qwiet.address()), qwiet.organization().id()),
                Account.ofJenkins("sa"),
                now.run().getExternalizableId(),
                "https://jenkins.example/job/x/1/",
                Instant.now().minusSeconds(3600));
        store.put(new Lease(identity, End.NEVER, old.id(), null, null)).join();
        JenkinsLeases.get().janitor().sweepAll().get();
        try {
            assertThat(qwiet.organization().liveTokens())
                    .as("the running build never had it: it began an hour later")
                    .isEmpty();
        } finally {
            now.goOn(Result.SUCCESS);
        }
    }

    /** The janitor has it: the log of the new build is none of its business. */
    @Test
    void aBuildDoesNotRevokeATokenOfAFormerOneAtItsEnd() throws Exception {
        qwiet.organization().add("former", "of the build before", null, "access");
        Paused now = paused("withQwietCiToken(label: 'mine') { semaphore 'PAUSE' }");
        var store = JenkinsLeases.get().leasing().store();
        var identity = new Lease.Identity(
                "0123456789abcdef0123456789abcdea",
                "former",
                new Organization(
                        ApiAddress.parse(qwiet.address()), qwiet.organization().id()),
                Account.ofJenkins("sa"),
                now.run().getExternalizableId(),
                "https://jenkins.example/job/x/1/",
                Instant.now().minusSeconds(3600));
        store.put(new Lease(identity, End.NEVER, token("former").id(), null, null))
                .join();

        WorkflowRun run = now.goOn(Result.SUCCESS);

        assertThat(run.getLog()).contains("\"mine\"").doesNotContain("\"former\"");
        untilTheJanitorHasEndedTheRest();
    }

    /** Qwiet named no end; the folder of leases was restored two days later, after an outage of Qwiet. */
    @Test
    void theLeaseOfATokenWithoutEndIsMadeAgainAfterDays() throws Exception {
        qwiet.speak(Dialect.TERSE, new Random(1));
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "no"));
        WorkflowRun run = build(Result.SUCCESS, "withQwietCiToken(label: 'endless') { echo 'in it' }");
        TokenRecord token = BuildTokens.of(run).orElseThrow().getTokens().get(0);
        assertThat(token.expiresAt()).isNull();
        assertThat(token.revokedAt()).isNull();
        var store = JenkinsLeases.get().leasing().store();
        await().until(() -> !TokenRevoker.isUnderWay(token.nonce()));
        store.remove(token.nonce()).join();
        qwiet.clearFaults();

        LostLeases.find(run, store, Instant.now().plus(Duration.ofDays(3)));

        assertThat(store.ofBuild(run.getExternalizableId()))
                .as("a token that never expires, not revoked as its build's record says")
                .hasSize(1);
    }
}
