package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.cli.CLICommandInvoker;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.RawServer;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Qwiet that writes the largest or the smallest time that it has for "never" or "nobody knows". */
@Timeout(120)
class EndOfTimeTest extends WithQwiet {
    private static final String MINTED =
            "{\"ok\":true,\"response\":%s,\"value\":\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl\"}}";

    private final List<String> revoked = new CopyOnWriteArrayList<>();

    private RawServer qwietThatSays(String end) throws Exception {
        String token = "{\"id\":\"token-1\",\"label\":\"far\",\"description\":\"\",\"token_type\":\"access\","
                + "\"expires_at\":\"" + end + "\"";
        var made = new AtomicBoolean();
        var server = new RawServer((request, out, socket) -> {
            String body =
                    switch (request.method()) {
                        case "POST" -> {
                            made.set(true);
                            yield String.format(MINTED, token);
                        }
                        case "GET" -> "{\"ok\":true,\"response\":[" + (made.get() ? token + "}" : "") + "]}";
                        default -> {
                            revoked.add(request.path());
                            yield "{\"ok\":true}";
                        }
                    };
            RawServer.send(out, "200 OK", body, "Content-Type: application/json");
            return true;
        });
        QwietConfiguration.get().setApiAddress(server.address());
        return server;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1000000000-12-31T23:59:59.999999999Z",
                "-1000000000-01-01T00:00:00Z",
                "+292278995-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59.999999999-18:00",
                "-999999999-01-01T00:00:00+18:00",
                "9999-12-31T23:59:59Z",
                "0001-01-01T00:00:00Z"
            })
    void aPipelineIsLikeAnyOther(String end) throws Exception {
        try (RawServer far = qwietThatSays(end)) {
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
            String pause = newName();
            job.setDefinition(new CpsFlowDefinition("""
                withQwietCiToken(label: 'far', renew: false) {
                    semaphore '%s'
                    qwietTokenAudit(revoke: false, maxDays: 90)
                }
                """.formatted(pause), true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart(pause + "/1", run);

            var page = Browser.withoutScripts(jenkins).goTo("manage/qwiet-ci-tokens/");
            var rest = Browser.withoutScripts(jenkins).goTo("manage/qwiet-ci-tokens/api/json", "application/json");
            var table = new CLICommandInvoker(jenkins, "list-qwiet-tokens").invoke();
            SemaphoreStep.success(pause + "/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));

            assertThat(page.asNormalizedText()).contains("token-1");
            assertThat(rest.getWebResponse().getContentAsString()).contains("token-1");
            assertThat(table.returnCode()).isZero();
            assertThat(table.stdout()).contains("far");
            assertThat(Browser.withoutScripts(jenkins)
                            .goTo(run.getUrl() + "qwiet-tokens/")
                            .asNormalizedText())
                    .contains("Tokens of this build");
            assertThat(revoked).isNotEmpty();
            isKept(run);
        }
    }

    /** Qwiet named one: nobody may say that there is none. */
    @Test
    void ofAnEndThatIsNotUnderstoodNobodySaysThatThereIsNone() throws Exception {
        try (RawServer vague = qwietThatSays("in a while")) {
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
            String pause = newName();
            job.setDefinition(new CpsFlowDefinition("qwietTokenAudit()", true));
            jenkins.buildAndAssertSuccess(job);
            job.setDefinition(new CpsFlowDefinition("""
                withQwietCiToken(label: 'vague', renew: false) {
                    semaphore '%s'
                    qwietTokenAudit(revoke: false)
                }
                """.formatted(pause), true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart(pause + "/1", run);

            assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                    .singleElement()
                    .satisfies(token -> assertThat(token.end()).isEqualTo(End.UNKNOWN));
            String page = Browser.withoutScripts(jenkins)
                    .goTo("manage/qwiet-ci-tokens/")
                    .asNormalizedText();
            String rest = Browser.withoutScripts(jenkins)
                    .goTo("manage/qwiet-ci-tokens/api/json", "application/json")
                    .getWebResponse()
                    .getContentAsString();
            String table =
                    new CLICommandInvoker(jenkins, "list-qwiet-tokens").invoke().stdout();
            SemaphoreStep.success(pause + "/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            String difference = Browser.withoutScripts(jenkins)
                    .goTo(run.getUrl() + "qwiet-tokens/")
                    .querySelector("[data-qwiet=difference]")
                    .asNormalizedText();

            assertThat(jenkins.getLog(run)).contains("its expiry is not known").doesNotContain("named no expiry");
            assertThat(page).contains("not known").doesNotContain("named no expiry");
            assertThat(table).contains("not known").doesNotContain("named no expiry");
            assertThat(rest.replaceAll("\\s", "")).contains("\"endUnknown\":true");
            assertThat(difference).contains("unknown").doesNotContain("never");
            run.save();
            run.reload();
            assertThat(BuildTokens.of(run).orElseThrow().getTokens().get(0).end())
                    .isEqualTo(End.UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1000000000-12-31T23:59:59.999999999Z", "+999999999-12-31T23:59:59Z"})
    void aFreestyleBuildToo(String end) throws Exception {
        try (RawServer far = qwietThatSays(end)) {
            var job = jenkins.createFreeStyleProject(newName());
            job.getBuildersList().add(new QwietTokenBuilder("far"));

            var run = jenkins.buildAndAssertSuccess(job);

            assertThat(revoked).isNotEmpty();
            isKept(run);
        }
    }

    /** What the build remembers of its token can be written, and read again. */
    private static void isKept(Run<?, ?> run) throws Exception {
        run.save();
        run.reload();
        assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                .singleElement()
                .satisfies(token -> assertThat(token.id()).isEqualTo("token-1"));
    }
}
