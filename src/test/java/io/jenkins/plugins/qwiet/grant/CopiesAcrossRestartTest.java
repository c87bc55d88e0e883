package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;

/** What was settled about a build's tokens before a restart of Jenkins is settled after it. */
class CopiesAcrossRestartTest extends AcrossRestart {
    private List<String> values(WorkflowRun run, String label) {
        return BuildTokens.of(run).orElseThrow().getTokens().stream()
                .filter(token -> token.label().equals(label) && token.isCurrent())
                .map(token -> token.value().getPlainText())
                .toList();
    }

    private void untilRenewed(WorkflowRun run, int number, String... labels) {
        await().until(() -> run.getExecution() != null);
        await().until(() -> {
            Renewals.get().tick();
            return Renewals.get().isIdle()
                    && List.of(labels).stream()
                            .allMatch(label -> BuildTokens.of(run).orElseThrow().getTokens().stream()
                                    .anyMatch(token -> token.label().equals(label)
                                            && token.isCurrent()
                                            && token.number() >= number));
        });
    }

    /** Set by env.NAME = before the token: it yields, also after a restart in which its copy was renewed. */
    @Test
    void whatTheScriptSetBeforeYieldsAlsoAfterARestart() throws Throwable {
        session.then(jenkins -> begin(jenkins, """
                node { withQwietCiToken(label: 'held', variable: 'OTHER_TOKEN', validFor: 600) {
                  qwietCiToken(label: 'early', validFor: 3600)
                  env.SHIFTLEFT_ACCESS_TOKEN = env.OTHER_TOKEN
                  qwietCiToken(label: 'rest', validFor: 3600)
                  semaphore 'pause'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen1'
                  env.ANYTHING = 'else'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                  archiveArtifacts 'seen*'
                } }
                """));
        clock.advance(Duration.ofSeconds(601));
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            untilRenewed(run, 2, "held");
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            assertThat(seen(run, "seen1")).isEqualTo(value("rest"));
            assertThat(seen(run, "seen")).isEqualTo(value("rest"));
        });
    }

    /** What the user set after the token stays the user's word after a restart, in a branch and in a block. */
    @Test
    void whatTheUserSetAfterwardsStaysAfterARestart() throws Throwable {
        session.then(jenkins -> begin(jenkins, """
                node { parallel one: {
                  qwietCiToken(label: 'rest', validFor: 600)
                  withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) { parallel inner: {
                    semaphore 'pause'
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen1'
                  }, quick: { echo 'quick' } }
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen2'
                  env.SHIFTLEFT_ACCESS_TOKEN = 'set'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen3'
                  archiveArtifacts 'seen*'
                }, two: { echo 'two' } }
                """));
        clock.advance(Duration.ofSeconds(601));
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            untilRenewed(run, 2, "rest");
            String rest = values(run, "rest").get(0);
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            assertThat(seen(run, "seen1")).isEqualTo("mine");
            assertThat(seen(run, "seen2")).isEqualTo(rest);
            assertThat(seen(run, "seen3")).isEqualTo("set");
        });
    }

    /** Branches that are through are not renewed for after a restart. */
    @Test
    void tokensOfFinishedBranchesAreNotRenewedForNobodyAfterARestart() throws Throwable {
        session.then(jenkins -> begin(jenkins, """
                def n = 0
                parallel one: { qwietCiToken(label: 'one', validFor: 600); n++
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { n == 3 } },
                  two: { qwietCiToken(label: 'two', validFor: 600); n++
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { n == 3 } },
                  three: { qwietCiToken(label: 'three', validFor: 600); n++
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { n == 3 } }
                semaphore 'pause'
                """));
        clock.advance(Duration.ofSeconds(601));
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run = run(jenkins);
            await().until(() -> run.getExecution() != null);
            await().until(() -> {
                Renewals.get().tick();
                return Renewals.get().isIdle()
                        && BuildTokens.of(run).orElseThrow().getTokens().stream()
                                .anyMatch(token -> token.isCurrent() && token.number() == 2);
            });
            for (int i = 0; i < 5; i++) {
                clock.advance(Duration.ofSeconds(1));
                Renewals.get().tick();
                await().until(() -> Renewals.get().isIdle());
            }
            long minted = qwiet.organization().minted();
            SemaphoreStep.success("pause/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            assertThat(minted).isLessThanOrEqualTo(4);
        });
    }
}
