package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.config.Lifetime;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;

/** What an audit leaves to the build it leaves with its whole line: the older that processes use, and the next on its way. */
class AuditOfLinesTest extends OnOneClock {
    private static final String LAST_BRANCH_AUDITS = """
            node {
              qwietCiToken(label: 'rest', validFor: 600)
              parallel quick: { echo 'quick' }, long: {
                semaphore 'PAUSE'
                qwietTokenAudit(ownTokenLive: 'FAIL')
                semaphore 'PAUSE'
              }
              sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
              archiveArtifacts 'seen'
            }
            """;

    private List<String> living() {
        return qwiet.organization().liveTokens().stream().map(FakeToken::value).toList();
    }

    private Paused begin() throws Exception {
        Paused build = paused(LAST_BRANCH_AUDITS);
        await().until(() -> !OtherBranches.of(build.run()).areRunning());
        return build;
    }

    private static void audit(Paused build) throws Exception {
        SemaphoreStep.success(build.pause() + "/1", null);
        SemaphoreStep.waitForStart(build.pause() + "/2", build.run());
    }

    private WorkflowRun end(Paused build) throws Exception {
        SemaphoreStep.success(build.pause() + "/2", null);
        return jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build.run()));
    }

    @Test
    void theOlderTokenOfARenewedLineIsLeft() throws Exception {
        Paused build = begin();
        pass(Duration.ofSeconds(401));
        passEachSecond(2);
        List<String> before = living();
        assertThat(before).hasSize(2);

        audit(build);

        assertThat(living()).isEqualTo(before);
        end(build);
        assertThat(living()).isEmpty();
    }

    @Test
    void theNextTokenOfTheLineIsLeft() throws Exception {
        Paused build = begin();
        BuildTokens tokens = BuildTokens.ofOrNew(build.run());
        TokenRecord rest = tokens.seen().get(0);
        IssuedToken next = new TokenIssuer(build.run(), TaskListener.NULL)
                .issue(new TokenRequest("next", null, null, null, null, null, Lifetime.of(3600)))
                .get(30, TimeUnit.SECONDS);
        // As it is while agents are told to hide it, before it takes the place.
        tokens.change(
                next.nonce,
                it -> new TokenRecord(
                        it.nonce(),
                        it.id(),
                        it.label(),
                        it.orgId(),
                        it.mintedAt(),
                        it.end(),
                        it.life(),
                        it.variable(),
                        it.orgVariable(),
                        it.origin(),
                        rest.line().next(),
                        null,
                        null,
                        null,
                        it.value(),
                        TokenRecord.Use.COMING));

        audit(build);

        assertThat(living()).hasSize(2).contains(next.value.getPlainText());
        assertThat(tokens.succeed(next.nonce)).isTrue();
        assertThat(archived(end(build), "seen")).isEqualTo(next.value.getPlainText());
    }
}
