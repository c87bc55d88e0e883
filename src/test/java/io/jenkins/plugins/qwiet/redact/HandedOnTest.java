package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Computer;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.queue.QueueTaskFuture;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.authorizeproject.AuthorizeProjectProperty;
import org.jenkinsci.plugins.authorizeproject.ProjectQueueItemAuthenticator;
import org.jenkinsci.plugins.authorizeproject.strategy.AnonymousAuthorizationStrategy;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** A token that is handed on is hidden, whatever becomes of the jobs and builds in between, and whoever may see them. */
class HandedOnTest extends OnJenkins {
    private static final String PRINT = "set +x; echo \"got <$GIVEN>\"";

    @AfterEach
    void asItWas() {
        QueueItemAuthenticatorConfiguration.get().getAuthenticators().clear();
        DurableTaskStep.USE_WATCHING = false;
    }

    @ParameterizedTest
    @CsvSource({"freestyle, false", "freestyle, true", "pipeline, false", "pipeline, true"})
    void hidesThoughItsUserMayNotReadTheUpstreamJob(String kind, boolean mayDiscover) throws Exception {
        Paused upstream = holder();
        String value = token("handed").value();
        Job<?, ?> down = downstream(kind);
        down.addProperty(new AuthorizeProjectProperty(new AnonymousAuthorizationStrategy()));
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        var rights = new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Computer.BUILD)
                .everywhere()
                .toEveryone()
                .grant(Item.READ, Item.BUILD)
                .onItems((Item) down)
                .toEveryone();
        if (mayDiscover) {
            rights.grant(Item.DISCOVER).everywhere().toEveryone();
        }
        jenkins.jenkins.setAuthorizationStrategy(rights);
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .add(new ProjectQueueItemAuthenticator(
                        Set.of(jenkins.jenkins
                                .getDescriptorOrDie(AnonymousAuthorizationStrategy.class)
                                .getId()),
                        Set.of()));

        assertHidden(schedule(down, upstream.run(), value, 0), value);
        upstream.goOn(Result.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"freestyle", "pipeline"})
    void hidesThoughTheUpstreamJobWasRenamedBeforeItStarted(String kind) throws Exception {
        Paused upstream = holder();
        String value = token("handed").value();

        var waiting = schedule(downstream(kind), upstream.run(), value, 4);
        upstream.run().getParent().renameTo(newName());

        assertHidden(waiting, value);
        upstream.run().doKill();
    }

    @Test
    void hidesThoughTheBuildBetweenWasDiscarded() throws Exception {
        Paused upstream = holder();
        String value = token("handed").value();
        Run<?, ?> between = assertHidden(schedule(downstream("freestyle"), upstream.run(), value, 0), value);

        var waiting = schedule(downstream("pipeline"), between, value, 4);
        between.delete();

        assertHidden(waiting, value);
        upstream.goOn(Result.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"freestyle", "pipeline"})
    void hidesThoughNoBuildStartedIt(String kind) throws Exception {
        Paused upstream = holder();
        String value = token("handed").value();

        assertHidden(schedule(downstream(kind), null, value, 0), value);
        upstream.goOn(Result.SUCCESS);
    }

    @Test
    void anAgentThatWritesTheLogHidesWhatIsHandedInAnotherForm() throws Exception {
        DurableTaskStep.USE_WATCHING = true;
        Paused upstream = holder();
        String value = token("handed").value();
        String basic =
                "Basic " + Base64.getEncoder().encodeToString(("user:" + value).getBytes(StandardCharsets.UTF_8));
        String agent = jenkins.createOnlineSlave().getNodeName();
        WorkflowJob down = job("node('" + agent + "') { sh '" + PRINT + "; echo end'; sleep 2 }");
        down.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));

        for (String given : new String[] {value, "Bearer " + value, signature(value), basic}) {
            Run<?, ?> run = assertHidden(schedule(down, upstream.run(), given, 0), value);
            jenkins.assertLogContains("end", run);
            jenkins.assertLogNotContains(given, run);
        }
        upstream.goOn(Result.SUCCESS);
    }

    private Paused holder() throws Exception {
        return paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
    }

    private Run<?, ?> assertHidden(QueueTaskFuture<?> started, String value) throws Exception {
        Run<?, ?> run = jenkins.waitForCompletion((Run<?, ?>) started.waitForStart());
        String log = JenkinsRule.getLog(run);
        assertThat(run.getResult()).as(log).isEqualTo(Result.SUCCESS);
        assertThat(qwiet.organization().isLive(value)).isTrue();
        assertThat(log).contains("got <");
        assertThat(new Leaks(value).in(log)).as("token in the log").isFalse();
        assertNotOnDisk(run, value);
        return run;
    }

    private static Job<?, ?> downstream(String kind) throws Exception {
        Job<?, ?> job;
        if (kind.equals("freestyle")) {
            FreeStyleProject project = jenkins.createFreeStyleProject(newName());
            project.getBuildersList().add(new Shell(PRINT));
            job = project;
        } else {
            job = job("node { sh '" + PRINT + "' }");
        }
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
        return job;
    }

    private static QueueTaskFuture<?> schedule(Job<?, ?> job, Run<?, ?> by, String value, int quietSeconds) {
        var cause = new CauseAction(by == null ? new Cause.UserIdCause() : new Cause.UpstreamCause(by));
        var given = new ParametersAction(new StringParameterValue("GIVEN", value));
        return Objects.requireNonNull(ParameterizedJobMixIn.scheduleBuild2(job, quietSeconds, cause, given)
                .getFuture());
    }
}
