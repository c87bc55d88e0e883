package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;

/** Of why a build was started, Jenkins keeps so many levels and no more; of all builds at one level, so many. */
class LongChainTest extends OnJenkins {
    @TempDir
    Path files;

    private FreeStyleProject printing(String value) throws Exception {
        Path file = Files.writeString(files.resolve("token"), value);
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new Shell("set +x; echo \"got <$(cat " + file + ")>\""));
        return job;
    }

    @Test
    void hidesWhatTheFirstOfALongChainHolds() throws Exception {
        Paused first = paused("qwietCiToken(label: 'deep'); semaphore 'PAUSE'");
        String value = token("deep").value();
        Run<?, ?> before = first.run();
        for (int i = 0; i < 13; i++) {
            FreeStyleProject job = jenkins.createFreeStyleProject(newName());
            before = jenkins.assertBuildStatusSuccess(
                    Objects.requireNonNull(job.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(before)))));
        }
        assertHidden(before, value, first);
    }

    @Test
    void hidesWhatOneOfManyHoldsThatStartedTheOneBefore() throws Exception {
        Paused holder = paused("qwietCiToken(label: 'wide'); semaphore 'PAUSE'");
        String value = token("wide").value();
        var all = new ArrayList<Cause>();
        FreeStyleProject other = jenkins.createFreeStyleProject(newName());
        for (int i = 0; i < 30; i++) {
            all.add(new Cause.UpstreamCause(jenkins.buildAndAssertSuccess(other)));
        }
        all.add(new Cause.UpstreamCause(holder.run()));
        FreeStyleProject middle = jenkins.createFreeStyleProject(newName());
        Run<?, ?> between = jenkins.assertBuildStatusSuccess(
                Objects.requireNonNull(middle.scheduleBuild2(0, new CauseAction(all))));
        assertHidden(between, value, holder);
    }

    /** They are started while the same one waits. */
    @Test
    void hidesWhatOneHoldsThatStartedABuildThatWaitedAlready() throws Exception {
        Paused holder = paused("qwietCiToken(label: 'folded'); semaphore 'PAUSE'");
        FreeStyleProject job = printing(token("folded").value());
        FreeStyleProject other = jenkins.createFreeStyleProject(newName());
        var waiting = Objects.requireNonNull(
                job.scheduleBuild2(4, new CauseAction(new Cause.UpstreamCause(jenkins.buildAndAssertSuccess(other)))));
        var folded = job.scheduleBuild2(4, new CauseAction(new Cause.UpstreamCause(holder.run())));
        assertThat(waiting.getStartCondition().isDone()).isFalse();

        Run<?, ?> run = jenkins.waitForCompletion(waiting.waitForStart());

        assertThat(Objects.requireNonNull(folded).get()).isSameAs(run);
        holder.goOn(Result.SUCCESS);
        jenkins.assertLogContains("got <****>", run);
    }

    private void assertHidden(Run<?, ?> before, String value, Paused holder) throws Exception {
        Run<?, ?> run = jenkins.assertBuildStatusSuccess(Objects.requireNonNull(
                printing(value).scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(before)))));
        assertThat(qwiet.organization().isLive(value)).isTrue();
        holder.goOn(Result.SUCCESS);
        String log = JenkinsRule.getLog(run);
        assertThat(new Leaks(value).in(log)).as(log).isFalse();
        assertThat(log).contains("got <****>");
    }
}
