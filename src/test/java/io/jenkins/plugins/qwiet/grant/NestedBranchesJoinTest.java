package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * The last of some nested branches is through, and Pipeline has not yet gone on with the branch around them: a moment, or as
 * long as the script computes in another branch. Just then the timer renews, or the other branch audits.
 */
class NestedBranchesJoinTest extends OnOneClock {
    @ParameterizedTest
    @ValueSource(strings = {"renewal", "audit"})
    void aBranchKeepsItsTokenWhileItsNestedBranchesJoin(String what) throws Exception {
        FakeOrganization other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
        Paused build = paused("""
                node { parallel one: {
                  qwietCiToken(label: 'one')
                  env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                  semaphore 'PAUSE'
                  parallel n1: { echo 'n1' }, n2: { echo 'n2' }
                  echo 'the rest of one'
                  sh 'set +x; printf "%s" "$SHIFTLEFT_ORG_ID" > seen'
                  archiveArtifacts 'seen'
                  env.SCANNED = 'yes'
                }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER')
                  env.SECOND = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SCANNED == 'yes' }
                } }
                """.replace("OTHER", other.id()));
        WorkflowRun run = build.run();
        BuildTokens tokens = BuildTokens.of(run).orElseThrow();
        var ends = new AtomicInteger();
        var live = new CompletableFuture<List<String>>();
        run.getExecution().addListener((GraphListener.Synchronous) node -> {
            if (isEndOfNested(node) && ends.incrementAndGet() == 2) {
                if (what.equals("renewal")) {
                    tokens.settle();
                } else {
                    new TokenRevoker(run, TaskListener.NULL).revokeUnused().join();
                }
                live.complete(qwiet.organization().liveTokens().stream()
                        .map(token -> token.label())
                        .toList());
            }
        });
        build.goOn(Result.SUCCESS);
        String log = JenkinsRule.getLog(run);
        await().until(() -> other.liveTokens().isEmpty());
        assertThat(ends).hasValue(2);
        assertThat(archived(run, "seen") + " " + live.join())
                .as(log)
                .isEqualTo(qwiet.organization().id() + " [one]");
    }

    private static boolean isEndOfNested(FlowNode node) {
        if (!(node instanceof BlockEndNode<?> end)) {
            return false;
        }
        var name = end.getStartNode().getPersistentAction(ThreadNameAction.class);
        return name != null && name.getThreadName().startsWith("n");
    }
}
