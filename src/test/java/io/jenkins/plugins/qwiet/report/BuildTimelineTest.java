package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.Timeline;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.RecordedTokens;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.Users;
import java.time.Instant;
import org.htmlunit.HttpMethod;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lives of a build's tokens on its page. */
class BuildTimelineTest extends OnJenkins {
    private static final String HTML = "<img src=x onerror=alert(1)>";

    @BeforeEach
    void letIn() {
        Users.letIn(jenkins);
    }

    private static HtmlPage page(Run<?, ?> run) throws Exception {
        return Browser.withoutScripts(jenkins, "reader").goTo(run.getUrl());
    }

    private static FreeStyleBuild freestyle(Result expected) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.getBuildersList().add(new QwietTokenBuilder("freestyle scan"));
        return jenkins.assertBuildStatus(expected, job.scheduleBuild2(0));
    }

    private static DomNode table(HtmlPage page) {
        return page.querySelector("[data-qwiet=timeline]");
    }

    @Test
    void aFreestyleBuildShowsThatNothingOutlivedIt() throws Exception {
        Run<?, ?> run = freestyle(Result.SUCCESS);

        HtmlPage page = page(run);

        assertThat(page.asNormalizedText())
                .contains(
                        "No known token outlived this build: its only token was revoked by the time it ended.",
                        "freestyle scan",
                        BuildTokens.of(run).orElseThrow().getTokens().get(0).id(),
                        "existed for");
        assertThat(page.asXml()).doesNotContain("eyJ");
        assertThat(table(page).querySelectorAll("svg")).hasSize(2);
        assertThat(table(page).querySelectorAll(".qwiet-bar-after")).isEmpty();
        assertThat(table(page).querySelectorAll("[style]")).isEmpty();
    }

    @Test
    void aPipelineShowsItWhileItRunsAndAfterItIsReadFromDisk() throws Exception {
        Paused build =
                paused("withQwietCiToken(label: 'first') {}\nwithQwietCiToken(label: 'second') { semaphore 'PAUSE' }");

        assertThat(page(build.run()).asNormalizedText())
                .contains("This build is running; 1 of its tokens is in use.", "first", "second", "in use", "revoked");

        WorkflowRun run = build.goOn(Result.SUCCESS);
        WorkflowJob job = run.getParent();
        job.doReload();
        Run<?, ?> loaded = ((WorkflowJob) jenkins.jenkins.getItemByFullName(job.getFullName())).getBuildByNumber(1);

        assertThat(loaded).isNotSameAs(run);
        assertThat(page(loaded).asNormalizedText())
                .contains("No known token outlived this build: all of its 2 tokens were revoked by the time it ended.");
    }

    @Test
    void saysWhatIsNotRevokedYet() throws Exception {
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "not now"));
        Run<?, ?> run = freestyle(Result.SUCCESS);
        await().untilAsserted(() -> {
            HtmlPage page = page(run);
            assertThat(page.asNormalizedText())
                    .contains("1 token is not revoked yet and expires ", "still active")
                    .doesNotContain("No known token outlived");
            assertThat(table(page).querySelectorAll(".qwiet-bar-after, .qwiet-bar-on"))
                    .hasSize(2);
        });
        qwiet.clearFaults();
        untilTheJanitorHasEndedTheRest();
    }

    @Test
    void saysWhatOnlyExpires() throws Exception {
        tokensMayStay = true;
        QwietConfiguration.get().setRevokeAtEnd(false);

        HtmlPage page = page(freestyle(Result.SUCCESS));

        assertThat(page.asNormalizedText())
                .contains("The settings turn revocation off: 1 unused token is active until it expires ")
                .contains("left to expire");
    }

    @Test
    void aLabelStaysText() throws Exception {
        Run<?, ?> run = build(Result.SUCCESS, "withQwietCiToken(label: '" + HTML + "') {}");

        HtmlPage page = page(run);

        assertThat(table(page).getTextContent()).contains(HTML);
        assertThat(page.querySelectorAll("img[src=x]")).isEmpty();
    }

    @Test
    void veryManyTokensMakeNoHugePage() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        Run<?, ?> run = jenkins.buildAndAssertSuccess(job);
        Instant start = Instant.ofEpochMilli(run.getStartTimeInMillis());
        int empty = page(run).asXml().length();
        for (int i = 0; i < 200; i++) {
            RecordedTokens.add(run, "token " + i, start.plusMillis(i), i == 177 ? null : start.plusMillis(i + 1));
        }

        HtmlPage page = page(run);

        assertThat(page.asXml().length() - empty).isLessThan(200_000);
        assertThat(page.querySelectorAll("[data-qwiet=timeline] > tbody > tr")).hasSize(1 + Timeline.MOST_SHOWN);
        assertThat(table(page).getTextContent()).contains("token 177");
        assertThat(page.asNormalizedText()).contains("1 token is not revoked yet", "Tokens: 200");
        assertThat((DomNode) page.querySelector("details.qwiet-timeline[open]")).isNull();
        assertThat(page.querySelector("details.qwiet-timeline").getTextContent())
                .contains("170 more tokens are not shown");
    }

    @Test
    void aBuildWithoutTokensShowsNothing() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();

        assertThat(table(page(jenkins.buildAndAssertSuccess(job)))).isNull();
    }

    @Test
    void whoMayNotReadTheBuildSeesNothing() throws Exception {
        Run<?, ?> run = freestyle(Result.SUCCESS);

        assertThat(Browser.ask(jenkins, "nobody", HttpMethod.GET, run.getUrl()).getStatusCode())
                .isEqualTo(404);
        assertThat(Browser.ask(jenkins, "reader", HttpMethod.GET, run.getUrl() + "api/json?depth=9")
                        .getContentAsString())
                .doesNotContain("freestyle scan", "eyJ");
    }
}
