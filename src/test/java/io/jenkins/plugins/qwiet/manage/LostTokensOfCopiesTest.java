package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.OwnNonces;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.io.File;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Tokens without a lease where the home is a copy, and where Jenkins crashes while they are revoked. */
class LostTokensOfCopiesTest {
    private static final String PAGE = "manage/" + OpenTokensLink.URL + "/organizations/";

    @RegisterExtension
    final RealJenkinsExtension process = JenkinsProcess.extension();

    @TempDir
    File copies;

    private FakeQwiet qwiet;

    @BeforeEach
    void start() throws Throwable {
        qwiet = FakeQwiet.start();
        process.startJenkins();
        process.runRemotely(
                LostTokensOfCopiesTest::set,
                qwiet.address(),
                qwiet.organization().id(),
                qwiet.organization().serviceAccount());
    }

    @AfterEach
    void close() {
        qwiet.close();
    }

    private static void set(JenkinsRule r, String address, String orgId, String token) throws Exception {
        QwietAccount.set(address, orgId, token);
    }

    /** Its folder of leases was taken out, as the documentation says. */
    @Test
    void aCopyTakesNothingOfTheOriginalsBuildByItself() throws Throwable {
        process.runRemotely(LostTokensOfCopiesTest::buildUntilItHasAToken);
        process.stopJenkinsForcibly();
        JenkinsProcess.startCopy(process, new File(copies, "copy"), "qwiet-ci-token");

        process.runRemotely(LostTokensOfCopiesTest::endsTheBuild);
        String renewal = process.runRemotely(LostTokensOfCopiesTest::describedByTheOriginal);
        qwiet.organization().add("renewal", renewal, null, "access");
        // Here the build got one of its own when it went on, which is revoked.
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).hasSize(2));
        process.runRemotely(LostTokensOfCopiesTest::offersOnlyWhatItDoesNotKnow);
        assertThat(qwiet.organization().liveTokens())
                .as("the original's build uses them")
                .hasSize(2);
    }

    private static void buildUntilItHasAToken(JenkinsRule r) throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken(label: 'scan') { echo 'in it'; sleep 600 }", true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("in it", run);
        run.save();
    }

    private static void endsTheBuild(JenkinsRule r) throws Exception {
        WorkflowRun run = r.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
        await().until(() -> run.getOneOffExecutor() != null);
        assertThat(text(post(r, "look"))).contains("There are no orphaned tokens without a lease.");
        run.getOneOffExecutor().interrupt();
        r.waitForCompletion(run);
    }

    private static String describedByTheOriginal(JenkinsRule r) throws Exception {
        return TokenDescription.describe("", r.getURL() + "job/shop/1/", OwnNonces.next());
    }

    private static void offersOnlyWhatItDoesNotKnow(JenkinsRule r) throws Exception {
        HtmlPage page = post(r, "look");
        assertThat(text(page))
                .contains("without a lease, of builds that this Jenkins does not know, or", "renewal", "not known here")
                .contains("there is or was such a copy")
                .doesNotContain("scan");
        assertThat(text(post(r, "revokeAll"))).contains("Nothing was done");
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
        assertThat(JenkinsLeases.get().leasing().store().resting()).hasSize(1);
    }

    @Test
    void aCopyTakesNothingTogetherThatTheOriginalLeftToExpire() throws Throwable {
        process.runRemotely(LostTokensOfCopiesTest::buildThatLeavesItsToken);
        process.stopJenkins();
        JenkinsProcess.startCopy(process, new File(copies, "copy"), "qwiet-ci-token");
        process.runRemotely(LostTokensOfCopiesTest::offersOneByOneWhatTheOriginalLeft);
        assertThat(qwiet.organization().liveTokens())
                .as("the original's settings want it alive")
                .hasSize(1);
    }

    private static void buildThatLeavesItsToken(JenkinsRule r) throws Exception {
        QwietConfiguration.get().setRevokeAtEnd(false);
        WorkflowJob job = r.createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition("qwietCiToken(label: 'scan')", true));
        r.buildAndAssertSuccess(job);
        assertThat(text(post(r, "look"))).contains("Orphaned tokens of completed builds, without a lease: 1.");
    }

    private static void offersOneByOneWhatTheOriginalLeft(JenkinsRule r) throws Exception {
        assertThat(text(post(r, "look")))
                .contains(
                        "without a lease, of builds that this Jenkins does not know, or",
                        "scan",
                        "no other Jenkins uses them");
        assertThat(text(post(r, "revokeAll"))).contains("Nothing was done");
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
    }

    @Test
    void whatWasPressedBeforeACrashIsRevokedAfterIt() throws Throwable {
        String description = process.runRemotely(LostTokensOfCopiesTest::describedByTheOriginal);
        FakeToken lost = qwiet.organization().add("lost", description, null, "access");
        Hold hold = qwiet.hold(Operation.DELETE);
        process.runRemotely(LostTokensOfCopiesTest::press, lost.id());
        hold.awaitArrived(Duration.ofSeconds(30));
        process.stopJenkinsForcibly();
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        hold.release();
        process.startJenkins();
        process.runRemotely(LostTokensOfCopiesTest::sweep);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    private static void press(JenkinsRule r, String id) throws Exception {
        assertThat(text(post(r, "look"))).contains("do not name: 1");
        assertThat(text(post(r, "revoke", "&id=" + id))).contains("Qwiet is being asked again, to revoke 1");
    }

    private static void sweep(JenkinsRule r) throws Exception {
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
    }

    private static HtmlPage post(JenkinsRule r, String act, String... more) throws Exception {
        var settings = QwietConfiguration.get();
        String query = "?org=" + settings.getOrgId() + "&api="
                + URLEncoder.encode(settings.getApiAddress(), StandardCharsets.UTF_8) + String.join("", more);
        var client = Browser.withoutScripts(r);
        var head = client.goTo(PAGE).getHead();
        var request = new WebRequest(new URL(r.getURL(), PAGE + act + query), HttpMethod.POST);
        request.setAdditionalHeader(head.getAttribute("data-crumb-header"), head.getAttribute("data-crumb-value"));
        return client.getPage(request);
    }

    private static String text(HtmlPage page) {
        return page.asNormalizedText();
    }
}
