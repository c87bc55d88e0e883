package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Jenkins is killed when a token is bound, but its step has not told Pipeline; then Qwiet gives no other one. */
class KilledWhileBoundTest {
    @RegisterExtension
    private final RealJenkinsExtension jenkins = JenkinsProcess.extension();

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void forget() {
        qwiet.close();
    }

    @Test
    void theBuildsTokenIsStillSeen() throws Throwable {
        jenkins.startJenkins();
        String address = qwiet.address();
        String orgId = qwiet.organization().id();
        String token = qwiet.organization().serviceAccount();
        jenkins.runRemotely(rule -> {
            begin(address, orgId, token);
        });
        String first = qwiet.organization().liveTokens().stream()
                .filter(each -> each.label().equals("first"))
                .findFirst()
                .orElseThrow()
                .value();
        jenkins.stopJenkinsForcibly();
        qwiet.faultAlways(Fault.status(Operation.CREATE, 403, "FORBIDDEN", "no"));
        jenkins.startJenkins();
        jenkins.runRemotely(rule -> {
            end(rule, first);
        });
    }

    private static void begin(String address, String orgId, String token) throws Exception {
        QwietAccount.set(address, orgId, token);
        Path there = Jenkins.get().getRootDir().toPath().resolve("bound");
        SaveableListener.all().add(0, new Stop(there));
        WorkflowJob job = Jenkins.get().createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition("""
                    node {
                      qwietCiToken(label: 'first')
                      sh 'true'
                      try { qwietCiToken(label: 'second') ; echo 'not refused' } catch (e) { echo "caught: ${e.message}" }
                      sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                      archiveArtifacts 'seen'
                    }
                    """, true));
        job.scheduleBuild2(0).waitForStart();
        await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(there));
    }

    private static void end(JenkinsRule rule, String first) throws Exception {
        WorkflowRun run =
                Jenkins.get().getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
        rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(run));
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("caught").doesNotContain("not refused");
        assertThat(OnJenkins.archived(run, "seen")).as(log).isEqualTo(first);
    }

    private static final class Stop extends SaveableListener {
        private final Path there;

        Stop(Path there) {
            this.there = there;
        }

        @Override
        public void onChange(Saveable saved, XmlFile file) {
            try {
                // build.xml has the second as the one that all later steps see.
                if (saved instanceof WorkflowRun
                        && CpsThread.current() == null
                        && file.asString().contains("SUPERSEDED")) {
                    Files.writeString(there, "");
                    new CountDownLatch(1).await();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
