package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.Users;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.util.List;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers of a job's latest audits on its page, and who may see them. */
class AuditTrendPageTest extends WithQwiet {
    private static final String SECRET_LABEL = "label-of-somebody-else";

    @BeforeEach
    void letIn() {
        Users.letIn(jenkins);
    }

    private static HtmlPage page(String user, Job<?, ?> job) throws Exception {
        return Browser.withoutScripts(jenkins, user).goTo(job.getUrl());
    }

    private static List<String> cells(HtmlPage page, int column) {
        return page.querySelectorAll("[data-qwiet=trend] tbody tr td:nth-child(" + column + ")").stream()
                .map(cell -> cell.asNormalizedText())
                .toList();
    }

    private static AuditTrendAction trendOf(Job<?, ?> job) {
        return job.getAction(AuditTrendAction.class);
    }

    @ParameterizedTest
    @EnumSource
    void readersSeeTheNumbersAndNoTokenOfTheOrganization(AuditedJob kind) throws Exception {
        Job<?, ?> job = kind.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of("neverExpires", "off"));
        AuditedJob.build(jenkins, Result.SUCCESS, job);
        qwiet.organization().add(SECRET_LABEL, "", null, "access");
        AuditedJob.build(jenkins, Result.SUCCESS, job);

        HtmlPage page = page("reader", job);

        assertThat(cells(page, 1)).containsExactly("#1", "#2");
        assertThat(cells(page, 3)).containsExactly("0", "1");
        assertThat(cells(page, 4)).containsExactly("0", "1");
        assertThat(cells(page, 5)).containsExactly("0", "0");
        assertThat(page.asXml()).doesNotContain(SECRET_LABEL);
        assertThat(page.querySelectorAll(".qwiet-trend polyline")).hasSize(3);
        assertThat(page.querySelectorAll(".qwiet-trend [style], .qwiet-trend script"))
                .isEmpty();
        for (DomNode link : page.querySelectorAll(".qwiet-trend a")) {
            assertThat(((DomElement) link).getAttribute("href"))
                    .matches(jenkins.contextPath + "/" + job.getUrl() + "[12]/qwiet-tokens/");
        }
        assertThat(page.querySelectorAll(".qwiet-curves a")).hasSize(6);
    }

    @Test
    void whoMayNotReadTheJobSeesNothing() throws Exception {
        Job<?, ?> job = AuditedJob.FREESTYLE.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of());
        AuditedJob.build(jenkins, Result.SUCCESS, job);

        assertThat(Browser.ask(jenkins, "nobody", HttpMethod.GET, job.getUrl()).getStatusCode())
                .isEqualTo(404);
        AuditTrendAction action = trendOf(job);
        try (ACLContext ignored = ACL.as2(User.getById("nobody", true).impersonate2())) {
            assertThat(action.getView().any()).isFalse();
        }
        assertThat(action.getView().any()).isTrue();
    }

    @Test
    void oneAuditIsShownToo() throws Exception {
        Job<?, ?> job = AuditedJob.FREESTYLE.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of());
        AuditedJob.build(jenkins, Result.SUCCESS, job);

        HtmlPage page = page("reader", job);

        assertThat(page.querySelectorAll(".qwiet-curve-dot")).hasSize(3);
        assertThat(page.querySelectorAll(".qwiet-trend polyline")).isEmpty();
    }

    @Test
    void anAuditWithoutAListIsNamedInTheTable() throws Exception {
        Job<?, ?> job = AuditedJob.FREESTYLE.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of());
        AuditedJob.build(jenkins, Result.SUCCESS, job);
        qwiet.faultAlways(Fault.status(Operation.LIST, 403, "FORBIDDEN", "no"));
        AuditedJob.build(jenkins, Result.SUCCESS, job);

        HtmlPage page = page("reader", job);

        assertThat(cells(page, 3)).containsExactly("0", "The organization's tokens could not be listed.");
        assertThat(page.querySelectorAll(".qwiet-curve-dot")).hasSize(3);
    }

    @Test
    void saysHowManyAreOfAnotherOrganization() throws Exception {
        Job<?, ?> job = AuditedJob.FREESTYLE.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of());
        AuditedJob.build(jenkins, Result.SUCCESS, job);
        assertThat((DomNode) page("reader", job).querySelector(".qwiet-trend-others"))
                .isNull();
        var settings = QwietConfiguration.get();
        settings.setApiAddress(settings.getApiAddress().replace("127.0.0.1", "localhost"));
        AuditedJob.build(jenkins, Result.SUCCESS, job);

        HtmlPage page = page("reader", job);

        assertThat(page.querySelectorAll(".qwiet-curve-dot")).hasSize(3);
        assertThat(page.querySelector(".qwiet-trend-others").asNormalizedText())
                .isEqualTo("Not shown: 1 audit of another organization, or at another API URL, than those shown.");
    }

    @Test
    void aJobWithoutAuditsShowsNothing() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        assertThat((DomNode) page("reader", job).querySelector(".qwiet-trend")).isNull();
        jenkins.buildAndAssertSuccess(job);

        assertThat((DomNode) page("reader", job).querySelector(".qwiet-trend")).isNull();
    }

    @Test
    void noBuildIsLoadedForIt() throws Exception {
        Job<?, ?> made = AuditedJob.FREESTYLE.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of());
        for (int i = 0; i < 3; i++) {
            AuditedJob.build(jenkins, Result.SUCCESS, made);
        }
        made.doReload();
        var job = (FreeStyleProject) jenkins.jenkins.getItemByFullName(made.getFullName());
        int before = job._getRuns().getLoadedBuilds().size();

        assertThat(trendOf(job).getView().audits()).hasSize(3);

        assertThat(job._getRuns().getLoadedBuilds()).hasSize(before);
    }
}
