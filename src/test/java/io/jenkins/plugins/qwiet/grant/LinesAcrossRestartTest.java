package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What was settled about a build's tokens before a restart of Jenkins is settled after it. */
class LinesAcrossRestartTest extends AcrossRestart {
    /** As an administrator does. */
    private static void revoke(WorkflowRun run, int number) throws Exception {
        TokenRecord current = BuildTokens.of(run).orElseThrow().getTokens().stream()
                .filter(token -> token.number() == number)
                .findFirst()
                .orElseThrow();
        TokenRevoker.recall(List.of(JenkinsLeases.get()
                        .leasing()
                        .store()
                        .find(current.nonce())
                        .orElseThrow()))
                .get();
    }

    /** Nor is the one before it, which steps go on with, replaced by another. */
    @Test
    void whatAnAdministratorRevokedIsNotMintedAgainAfterARestart() throws Throwable {
        session.then(jenkins -> {
            WorkflowRun run = begin(jenkins, "withQwietCiToken(label: 'held', validFor: 60) { semaphore 'pause' }");
            clock.advance(Duration.ofSeconds(41));
            await().until(() -> isCurrently(run, 2));
            revoke(run, 2);
            await().until(() -> !isCurrently(run, 2));
            assertThat(qwiet.organization().minted()).isEqualTo(2);
            run.save();
        });
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            await().until(() -> run.getExecution() != null);
            Renewals.get().tick();
            await().until(() -> Renewals.get().isIdle());
            long minted = qwiet.organization().minted();
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(minted).isEqualTo(2);
        });
    }

    /** In the middle of a long step no node follows, with which Pipeline would save the build. */
    @Test
    void whatAnAdministratorRevokedIsNotMintedAgainAfterAKill() throws Throwable {
        var file = new Path[1];
        var whenKilled = new byte[1][];
        session.then(jenkins -> {
            WorkflowRun run = begin(jenkins, "withQwietCiToken(label: 'held', validFor: 600) { semaphore 'pause' }");
            file[0] = run.getRootDir().toPath().resolve("build.xml");
            await().until(() -> Files.readString(file[0]).contains("held"));
            revoke(run, 1);
            await().until(() -> Files.readString(file[0]).contains("revokedAt"));
            whenKilled[0] = Files.readAllBytes(file[0]);
        });
        Files.write(file[0], whenKilled[0]);
        clock.advance(Duration.ofSeconds(401));
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            await().until(() -> run.getExecution() != null);
            Renewals.get().tick();
            await().until(() -> Renewals.get().isIdle());

            assertThat(isCurrently(run, 1)).isFalse();
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(qwiet.organization().minted()).isOne();
        });
    }

    /** A restart, branches, and an audit of the last branch: the token from before the branches is the build's. */
    @Test
    void theAuditOfTheLastBranchAfterARestartLeavesWhatIsTheBuilds() throws Throwable {
        session.then(jenkins -> begin(jenkins, """
                node {
                  qwietCiToken(label: 'rest')
                  parallel quick: { echo 'quick' }, long: {
                    semaphore 'pause'
                    qwietTokenAudit(ownTokenLive: 'FAIL')
                  }
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                  archiveArtifacts 'seen'
                }
                """));
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            assertThat(seen(run, "seen")).isNotEmpty();
        });
    }

    /** Of two blocks that are one in the other, and of two tokens for the rest, each is whose it was. */
    @Test
    void nestedTokensAreWhoseTheyWere() throws Throwable {
        session.then(jenkins -> begin(jenkins, """
                node {
                  qwietCiToken(label: 'rest')
                  withQwietCiToken(label: 'outer') {
                    withQwietCiToken(label: 'inner') {
                      semaphore 'pause'
                      sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > inner'
                      writeFile file: 'inner-groovy', text: env.SHIFTLEFT_ACCESS_TOKEN
                    }
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > outer'
                    writeFile file: 'outer-groovy', text: env.SHIFTLEFT_ACCESS_TOKEN
                  }
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > rest'
                  writeFile file: 'rest-groovy', text: env.SHIFTLEFT_ACCESS_TOKEN
                  archiveArtifacts 'inner*,outer*,rest*'
                }
                """));
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            for (String name : List.of("inner", "outer", "rest")) {
                assertThat(seen(run, name)).as(name).isEqualTo(value(name));
                assertThat(seen(run, name + "-groovy")).as(name).isEqualTo(value(name));
            }
        });
    }

    /** Renewal begins before the Pipeline goes on, when nobody knows what its branches see. */
    @Test
    void eachBranchGoesOnWithItsOwn() throws Throwable {
        session.then(jenkins -> {
            WorkflowRun run = begin(jenkins, """
                    parallel one: { node {
                      qwietCiToken(label: 'one', validFor: 600)
                      env.FIRST = 'yes'
                      semaphore 'pause'
                      sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                      archiveArtifacts 'seen'
                      env.SEEN = 'yes'
                    } }, two: {
                      waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                      qwietCiToken(label: 'two', validFor: 600)
                      echo 'two has one'
                      waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SEEN == 'yes' }
                    }
                    """);
            jenkins.waitForMessage("two has one", run);
        });
        clock.advance(Duration.ofSeconds(401));
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            Renewals.get().tick();
            await().until(() -> run.getExecution() != null);
            await().until(() -> {
                Renewals.get().tick();
                return Renewals.get().isIdle() && isCurrently(run, 2);
            });
            List<String> own = BuildTokens.of(run).orElseThrow().getTokens().stream()
                    .filter(token -> token.label().equals("one") && token.value() != null)
                    .map(token -> token.value().getPlainText())
                    .toList();
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            assertThat(seen(run, "seen")).isIn(own);
        });
    }

    /** A line that is said once in a build is not said again after each restart. */
    @Test
    void whatTheLogSaidIsNotSaidAgain() throws Throwable {
        session.then(jenkins -> begin(jenkins, """
                node {
                  qwietCiToken(label: 'rest')
                  withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) {
                    sh 'true'
                    semaphore 'pause'
                    sh 'true'
                  }
                }
                """));
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            assertThat(JenkinsRule.getLog(run).lines())
                    .filteredOn(line -> line.contains("itself instead of CI token"))
                    .hasSize(1);
        });
    }
}
