package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Leases of a build whose job was deleted and made anew, beside the build that has its number now. */
class FormerBuildsTest extends OnJenkins {
    private static Lease lease(String buildId, Instant openedAt) {
        var identity = new Lease.Identity(
                "0123456789abcdef0123456789abcdef",
                "scan",
                SomeLeases.nowhere(),
                Account.ofJenkins("sa"),
                buildId,
                "https://jenkins.example/job/x/1/",
                openedAt);
        return new Lease(identity, End.NEVER, "token", openedAt, null);
    }

    @Test
    void thePageTakesNoneForOneOfTheNewBuild() throws Exception {
        Paused now = paused("semaphore 'PAUSE'");
        String id = now.run().getExternalizableId();
        var its = new OpenTokenRow(lease(id, Instant.now()), 2);
        var formers = new OpenTokenRow(lease(id, Instant.now().minusSeconds(3600)), 2);

        assertThat(its.consequence()).startsWith("This build is running");
        assertThat(its.buildUrl()).isEqualTo(now.run().getUrl());
        assertThat(its.isOneOfMany()).isTrue();
        assertThat(formers.consequence()).contains("no longer has such a build");
        assertThat(formers.buildUrl()).isNull();
        assertThat(formers.isOneOfMany())
                .as("those of the running build may be in use")
                .isFalse();
        now.goOn(Result.SUCCESS);
    }
}
