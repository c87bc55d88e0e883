package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.matrix.AxisList;
import hudson.matrix.MatrixBuild;
import hudson.matrix.MatrixProject;
import hudson.matrix.MatrixRun;
import hudson.matrix.TextAxis;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TaskListener;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.Pages;
import java.nio.file.Path;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A build that another one hands its token to hides it as well, for as long as the other one holds it. */
class DownstreamTest extends OnJenkins {
    @TempDir
    Path files;

    @Test
    void hidesInAFreestyleBuildWhatItsUpstreamBuildHolds() throws Exception {
        Paused upstream = paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
        String value = token("handed").value();
        FreeStyleProject project = jenkins.createFreeStyleProject(newName());
        project.addProperty(parameter());
        project.getBuildersList().add(new Shell("set +x; echo \"got <$GIVEN>\"; env | base64"));

        FreeStyleBuild run = jenkins.assertBuildStatusSuccess(
                Objects.requireNonNull(project.scheduleBuild2(0, startedBy(upstream.run()), given(value))));

        assertHidden(run, value);
        jenkins.assertLogContains("got <****>", run);
        upstream.goOn(Result.SUCCESS);
    }

    @Test
    void hidesInAPipelineThatStartsAnotherOne() throws Exception {
        Paused upstream = paused("withQwietCiToken(label: 'through') { semaphore 'PAUSE' }");
        String value = token("through").value();
        String pause = newName();
        WorkflowJob middle = job("echo \"got <${params.GIVEN}>\"; semaphore '" + pause + "'");
        middle.addProperty(parameter());
        WorkflowRun second = Objects.requireNonNull(
                        middle.scheduleBuild2(0, startedBy(upstream.run()), given("--token=" + value)))
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", second);
        WorkflowJob last = job("node { sh 'set +x; echo \"got <$GIVEN>\"; printenv GIVEN | base64' }");
        last.addProperty(parameter());
        WorkflowRun third = jenkins.assertBuildStatusSuccess(last.scheduleBuild2(0, startedBy(second), given(value)));

        assertHidden(third, value);
        jenkins.assertLogContains("got <****>", third);
        assertHidden(second, value);
        jenkins.assertLogContains("got <--token=****>", second);
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(second));
        upstream.goOn(Result.SUCCESS);
        assertHidden(second, value);
    }

    @Test
    void staysATextForTheScriptThatIsGivenIt() throws Exception {
        Paused upstream = paused("withQwietCiToken(label: 'text') { semaphore 'PAUSE' }");
        String value = token("text").value();
        WorkflowJob down =
                job("echo \"starts: ${params.GIVEN.trim().startsWith('--token=')}, length: ${params.GIVEN.size()}\"");
        down.addProperty(parameter());

        WorkflowRun run = jenkins.assertBuildStatusSuccess(
                down.scheduleBuild2(0, startedBy(upstream.run()), given("--token=" + value)));

        jenkins.assertLogContains("starts: true, length: " + ("--token=" + value).length(), run);
        assertHidden(run, value);
        upstream.goOn(Result.SUCCESS);
        assertHidden(run, value);
    }

    @Test
    void hidesWhatItReadsFromAFile() throws Exception {
        Path file = files.resolve("token.env");
        Paused upstream =
                paused("withQwietCiToken(label: 'in a file', variable: 'T') { node { sh 'set +x; echo \"T=$T\" > "
                        + file + "' }; semaphore 'PAUSE' }");
        String value = token("in a file").value();
        WorkflowJob down = job("node { sh 'set +x; cat \"$GIVEN\"; base64 \"$GIVEN\"' }");
        down.addProperty(parameter());
        FreeStyleProject free = jenkins.createFreeStyleProject(newName());
        free.addProperty(parameter());
        free.getBuildersList().add(new Shell("set +x; cat \"$GIVEN\"; base64 \"$GIVEN\""));

        WorkflowRun run = jenkins.assertBuildStatusSuccess(
                down.scheduleBuild2(0, startedBy(upstream.run()), given(file.toString())));
        FreeStyleBuild second = jenkins.assertBuildStatusSuccess(
                Objects.requireNonNull(free.scheduleBuild2(0, startedBy(run), given(file.toString()))));

        assertHidden(run, value);
        jenkins.assertLogContains("T=****", run);
        assertHidden(second, value);
        jenkins.assertLogContains("T=****", second);
        upstream.goOn(Result.SUCCESS);
    }

    /** A plugin's own reasons, which extend those of Jenkins and say more. */
    public static class ByUser extends Cause.UserIdCause {
        private final String comment;

        ByUser(String comment) {
            this.comment = comment;
        }

        @Override
        public String getShortDescription() {
            return super.getShortDescription() + ": " + comment;
        }

        @Override
        public void print(TaskListener log) {
            log.getLogger().println(getShortDescription());
        }
    }

    public static class ByBuild extends Cause.UpstreamCause {
        private final String comment;

        ByBuild(Run<?, ?> build, String comment) {
            super(build);
            this.comment = comment;
        }

        @Override
        public String getShortDescription() {
            return super.getShortDescription() + ": " + comment;
        }

        @Override
        public void print(TaskListener log) {
            log.getLogger().println(getShortDescription());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"remote", "user", "build"})
    void hidesWhatStandsInWhyItWasStarted(String kind) throws Exception {
        Run<?, ?> tokenless = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject(newName()));
        Paused holder = paused("withQwietCiToken(label: 'cause', variable: 'T') { semaphore 'PAUSE' }");
        String value = token("cause").value();
        String comment = "with " + value;
        Cause cause =
                switch (kind) {
                    case "remote" -> new Cause.RemoteCause("10.0.0.1", comment);
                    case "user" -> new ByUser(comment);
                    default -> new ByBuild(tokenless, comment);
                };
        WorkflowJob other = job("echo 'hello'");
        FreeStyleProject free = jenkins.createFreeStyleProject(newName());

        Run<?, ?> pipeline = jenkins.assertBuildStatusSuccess(other.scheduleBuild2(0, new CauseAction(cause)));
        Run<?, ?> freestyle = jenkins.assertBuildStatusSuccess(
                Objects.requireNonNull(free.scheduleBuild2(0, new CauseAction(cause))));
        assertNotOnDisk(pipeline, value);
        assertNotOnDisk(freestyle, value);
        holder.goOn(Result.SUCCESS);
        assertHiddenInCause(pipeline, value);
        assertHiddenInCause(freestyle, value);
    }

    private static void assertHiddenInCause(Run<?, ?> run, String value) throws Exception {
        jenkins.assertLogContains("with ****", run);
        assertThat(new Leaks(value).in(JenkinsRule.getLog(run))).isFalse();
        assertNotOnDisk(run, value);
    }

    @Test
    void hidesInCellsOfAMatrixWhatThatWasGiven() throws Exception {
        Paused upstream = paused("withQwietCiToken(label: 'cells', variable: 'T') { semaphore 'PAUSE' }");
        String value = token("cells").value();
        MatrixProject project = jenkins.createProject(MatrixProject.class, newName());
        project.setAxes(new AxisList(new TextAxis("A", "1", "2")));
        project.addProperty(parameter());
        project.getBuildersList().add(new Shell("set +x; echo \"<$GIVEN>\"; env | base64"));
        MatrixBuild build = jenkins.assertBuildStatusSuccess(
                Objects.requireNonNull(project.scheduleBuild2(0, startedBy(upstream.run()), given(value))));
        var leaks = new Leaks(value);
        for (MatrixRun cell : build.getExactRuns()) {
            assertThat(leaks.in(JenkinsRule.getLog(cell)))
                    .as(JenkinsRule.getLog(cell))
                    .isFalse();
            assertNotOnDisk(cell, value);
        }
        assertNotOnDisk(build, value);
        upstream.goOn(Result.SUCCESS);
        assertNotOnDisk(build, value);
    }

    private static void assertHidden(Run<?, ?> run, String value) throws Exception {
        assertThat(new Leaks(value).in(JenkinsRule.getLog(run))).isFalse();
        assertNotOnDisk(run, value);
        assertThat(Pages.of(jenkins, run, "parameters/", "api/json?depth=3"))
                .allSatisfy((path, page) -> assertThat(page).as(path).doesNotContain(value));
    }

    private static ParametersDefinitionProperty parameter() {
        return new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", ""));
    }

    private static ParametersAction given(String value) {
        return new ParametersAction(new StringParameterValue("GIVEN", value));
    }

    private static CauseAction startedBy(Run<?, ?> run) {
        return new CauseAction(new Cause.UpstreamCause(run));
    }
}
