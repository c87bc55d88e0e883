package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.TextsOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Jenkins in a process of its own, stopped in the middle of things and started again. */
class RestartTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> JOBS = List.of("rest", "block", "bound");

    @RegisterExtension
    private final RealJenkinsExtension jenkins = JenkinsProcess.extension();

    private FakeQwiet qwiet;

    @BeforeEach
    void know() {
        qwiet = FakeQwiet.start();
    }

    @AfterEach
    void forget() {
        qwiet.close();
    }

    private void startAndKnow() throws Throwable {
        jenkins.startJenkins();
        String address = qwiet.address();
        String orgId = qwiet.organization().id();
        String token = qwiet.organization().serviceAccount();
        jenkins.runRemotely(rule -> {
            QwietAccount.set(address, orgId, token);
            rule.jenkins.setNumExecutors(JOBS.size());
        });
    }

    @Test
    void everyFormSurvivesARestartAndRevokesAtTheEnd() throws Throwable {
        startAndKnow();
        jenkins.runRemotely(rule -> {
            begin("rest", "qwietCiToken(label: 'rest')\n" + waiting("rest"));
            begin("block", "withQwietCiToken(label: 'block') {\n" + waiting("block") + "\n}");
            begin(
                    "bound",
                    "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'bound')]) {\n" + waiting("bound")
                            + "\n}");
            for (String job : JOBS) {
                rule.waitForMessage("up to here", run(job));
            }
        });
        List<String> values =
                qwiet.organization().liveTokens().stream().map(FakeToken::value).toList();
        assertThat(values).hasSize(3);

        jenkins.stopJenkins();
        assertNoFileHasOneOf(values);
        jenkins.startJenkins();

        jenkins.runRemotely(rule -> {
            for (String job : JOBS) {
                Files.createFile(flag(job));
                rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(run(job)));
                rule.assertLogContains("after the restart: ****", run(job));
                rule.assertLogContains("in a process: **** signed ****", run(job));
                rule.assertLogContains("Qwiet: revoked CI token \"" + job + "\"", run(job));
            }
        });
        assertNoFileHasOneOf(values);
        assertThat(qwiet.organization().minted()).isEqualTo(3);
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    @Test
    void theJanitorEndsWhatAKilledFreestyleBuildLeft() throws Throwable {
        startAndKnow();
        jenkins.runRemotely(rule -> {
            var project = rule.createFreeStyleProject("freestyle");
            project.getBuildersList().add(new QwietTokenBuilder("freestyle"));
            project.getBuildersList().add(new Shell("echo up; sleep 600"));
            rule.waitForMessage("up", project.scheduleBuild2(0).waitForStart());
        });
        String value = qwiet.organization().liveTokens().get(0).value();

        jenkins.stopJenkinsForcibly();
        assertNoFileHasOneOf(List.of(value));
        jenkins.startJenkins();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    @Test
    void aMintThatIsKilledBeginsAgainAndLeavesNothing() throws Throwable {
        startAndKnow();
        Hold hold = qwiet.hold(Operation.CREATE);
        jenkins.runRemotely(rule -> {
            begin("killed", "withQwietCiToken(label: 'killed') { echo 'used' }");
        });
        hold.awaitArrived(Duration.ofSeconds(60));
        jenkins.stopJenkinsForcibly();
        // What was on its way arrives, and nobody is there to hear of it.
        hold.release();
        await().atMost(PATIENCE).until(() -> qwiet.organization().minted() == 1);

        jenkins.startJenkins();

        jenkins.runRemotely(rule -> {
            rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(run("killed")));
            // Its lease rests for minutes, as the call may still be on its way somewhere.
            JenkinsLeases.get().janitor().sweep().get();
        });
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    private static String waiting(String job) {
        return "echo 'up to here'\n"
                + "waitUntil(initialRecurrencePeriod: 200, quiet: true) { fileExists('" + flag(job) + "') }\n"
                + "echo \"after the restart: ${env.SHIFTLEFT_ACCESS_TOKEN}\"\n"
                + "sh 'set +x; echo \"in a process: $SHIFTLEFT_ACCESS_TOKEN signed ${SHIFTLEFT_ACCESS_TOKEN##*.}\"'";
    }

    private static Path flag(String job) {
        return Jenkins.get().getRootDir().toPath().resolve(job + ".flag");
    }

    private static void begin(String name, String script) throws Exception {
        WorkflowJob job = Jenkins.get().createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(name.equals("killed") ? script : "node {\n" + script + "\n}", true));
        job.scheduleBuild2(0).waitForStart();
    }

    private static WorkflowRun run(String job) {
        return Jenkins.get().getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    private void assertNoFileHasOneOf(List<String> values) throws IOException {
        TextsOnDisk.below(jenkins.getHome().toPath().resolve("jobs"))
                .forEach((file, text) -> values.forEach(
                        value -> assertThat(text).as(file.toString()).doesNotContain(value)));
    }
}
