package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.lease.Home;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.io.File;
import java.net.URL;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.SleepStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Two Jenkins with the same leases: in a copy of a home, and in one home. */
class OtherJenkinsTest {
    private static final String PAGE = "manage/" + OpenTokensLink.URL + "/";

    @RegisterExtension
    final RealJenkinsExtension process = JenkinsProcess.extension();

    @TempDir
    File copies;

    private FakeQwiet qwiet;

    @BeforeEach
    void start() {
        qwiet = FakeQwiet.start();
    }

    @AfterEach
    void close() {
        qwiet.close();
    }

    @Test
    void aCopyRevokesNothingUntilAnAdministratorDecides() throws Throwable {
        begin();
        process.runRemotely(OtherJenkinsTest::buildUntilItHasAToken);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        process.stopJenkinsForcibly();

        JenkinsProcess.startCopy(process, new File(copies, "one"));
        process.runRemotely(OtherJenkinsTest::theLeaseRests);
        assertThat(qwiet.organization().liveTokens())
                .as("the original's build uses it")
                .hasSize(1);
        process.runRemotely(OtherJenkinsTest::forget);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        process.stopJenkins();

        process.setHome(original);
        JenkinsProcess.startCopy(process, new File(copies, "two"));
        process.runRemotely(OtherJenkinsTest::theLeaseRests);
        process.runRemotely(OtherJenkinsTest::takeOver);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    @Test
    void aSecondProcessOnOneHomeWaitsForTheFirst() throws Throwable {
        process.startJenkins();
        Path leases = process.getHome().toPath().resolve("qwiet-ci-token").resolve("leases");
        process.stopJenkins();
        LeaseStore first =
                LeaseStore.open(leases, Clock.systemUTC(), new Home("/var/first", "first", ""), Runnable::run);

        begin();
        process.runRemotely(
                OtherJenkinsTest::isRefused,
                String.valueOf(ProcessHandle.current().pid()));
        assertThat(qwiet.organization().minted()).isZero();

        first.close().join();
        process.runRemotely(OtherJenkinsTest::worksAgain);
        assertThat(qwiet.organization().minted()).isEqualTo(1);
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    private File original;

    private void begin() throws Throwable {
        process.startJenkins();
        original = process.getHome();
        process.runRemotely(
                OtherJenkinsTest::set,
                qwiet.address(),
                qwiet.organization().id(),
                qwiet.organization().serviceAccount());
    }

    private static void set(JenkinsRule r, String address, String orgId, String token) throws Exception {
        QwietAccount.set(address, orgId, token);
    }

    private static WorkflowRun build(JenkinsRule r, String script) throws Exception {
        WorkflowJob job = r.jenkins.getItemByFullName("shop", WorkflowJob.class);
        if (job == null) {
            job = r.createProject(WorkflowJob.class, "shop");
        }
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private static void buildUntilItHasAToken(JenkinsRule r) throws Exception {
        WorkflowRun run = build(r, "withQwietCiToken(label: 'scan') { echo 'in it'; sleep 600 }");
        r.waitForMessage("in it", run);
        // Pipeline saves what it came to before it does anything else: a process killed earlier would ask for a token
        // again.
        await().until(() -> run.getExecution().getCurrentExecutions(true).get().stream()
                .anyMatch(SleepStep.Execution.class::isInstance));
        run.getExecution().getCurrentExecutions(true).get();
    }

    /** Though the build is ended here, and its job deleted. */
    private static void theLeaseRests(JenkinsRule r) throws Exception {
        WorkflowJob job = r.jenkins.getItemByFullName("shop", WorkflowJob.class);
        WorkflowRun run = job.getBuildByNumber(1);
        await().until(() -> run.getOneOffExecutor() != null);
        run.getOneOffExecutor().interrupt();
        r.waitForCompletion(run);
        String said = "CI token \"scan\" (id "
                + run.getAction(BuildTokens.class).getTokens().get(0).id()
                + ") is not revoked: Another Jenkins seems to have created it";
        assertThat(JenkinsRule.getLog(run)).containsOnlyOnce(said);
        job.delete();
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);

        LeaseStore store = JenkinsLeases.get().leasing().store();
        assertThat(store.leases()).isEmpty();
        assertThat(store.resting()).hasSize(1);
        var monitor = r.jenkins.getExtensionList(RevocationMonitor.class).get(0);
        assertThat(monitor.isActivated()).isTrue();
        assertThat(monitor.getProblems()).singleElement().asString().contains("rest (1)");
        HtmlPage page = Browser.withoutScripts(r).goTo(PAGE);
        assertThat(page.getElementById("qwiet-resting").asNormalizedText())
                .contains("1 since 20", "written at", "They belong to this Jenkins: take over")
                .contains("They belong to another Jenkins: forget them here");
        String json = Browser.withoutScripts(r)
                .goTo(PAGE + "api/json", "application/json")
                .getWebResponse()
                .getContentAsString();
        assertThat(json).contains("\"resting\"", "\"restingBecause\"", "shop#1");
    }

    /** The page that follows. */
    private static String post(JenkinsRule r, String path) throws Exception {
        var client = Browser.withoutScripts(r);
        var head = client.goTo(PAGE).getHead();
        var request = new WebRequest(new URL(r.getURL(), PAGE + path), HttpMethod.POST);
        request.setAdditionalHeader(head.getAttribute("data-crumb-header"), head.getAttribute("data-crumb-value"));
        HtmlPage next = client.getPage(request);
        assertThat(next.getWebResponse().getStatusCode()).isEqualTo(200);
        return next.asNormalizedText();
    }

    private static void forget(JenkinsRule r) throws Exception {
        post(r, "forgetResting");
        LeaseStore store = JenkinsLeases.get().leasing().store();
        assertThat(store.resting()).isEmpty();
        assertThat(store.leases()).isEmpty();
        var monitor = r.jenkins.getExtensionList(RevocationMonitor.class).get(0);
        assertThat(monitor.getProblems()).isEmpty();
        assertThat(Browser.withoutScripts(r)
                        .goTo(PAGE)
                        .getElementById("qwiet-left")
                        .asNormalizedText())
                .contains("1 since 20", "written at", "Decide again");
        String owner = store.others().left().get(0).owner();
        post(r, "rememberLeft?owner=" + owner);
        assertThat(store.resting()).hasSize(1);
        assertThat(monitor.getProblems()).hasSize(1);
        assertThat(post(r, "forgetResting?owner=nobody")).contains("Nothing was done");
        assertThat(store.resting()).hasSize(1);
        assertThat(post(r, "forgetResting?owner=" + owner)).contains("Leases left to another Jenkins: 1");
        assertThat(store.resting()).isEmpty();
        assertThat(monitor.getProblems()).isEmpty();
    }

    private static void takeOver(JenkinsRule r) throws Exception {
        post(r, "takeOverResting");
        assertThat(JenkinsLeases.get().leasing().store().resting()).isEmpty();
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
    }

    private static void isRefused(JenkinsRule r, String pid) throws Exception {
        WorkflowRun run = build(r, "withQwietCiToken(label: 'scan') { echo 'in it' }");
        r.assertBuildStatus(Result.FAILURE, r.waitForCompletion(run));
        r.assertLogContains("two processes must not use the leases", run);
        r.assertLogContains("process " + pid + " on first", run);
        r.assertLogNotContains("disk is not full", run);
        List<String> problems =
                r.jenkins.getExtensionList(RevocationMonitor.class).get(0).getProblems();
        assertThat(problems).singleElement().asString().contains("Stop one of them", "process " + pid);
        assertThat(Browser.withoutScripts(r).goTo(PAGE).asNormalizedText()).contains("Stop one of them");
        for (String act : List.of(
                "sweep",
                "takeOverResting",
                "forgetResting",
                "rememberLeft",
                "revoke?nonce=x",
                "revokeBuild?build=shop%231")) {
            assertThat(post(r, act)).as(act).contains("Nothing was done: ").contains("Stop one of them");
        }
    }

    private static void worksAgain(JenkinsRule r) throws Exception {
        WorkflowRun run = build(r, "withQwietCiToken(label: 'scan') { echo 'in it' }");
        r.assertBuildStatusSuccess(r.waitForCompletion(run));
        assertThat(Jenkins.get()
                        .getExtensionList(RevocationMonitor.class)
                        .get(0)
                        .getProblems())
                .isEmpty();
    }
}
