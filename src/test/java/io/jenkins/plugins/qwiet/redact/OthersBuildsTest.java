package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;

/** Builds that have nothing to do with tokens are left alone. */
class OthersBuildsTest extends OnJenkins {
    private static final int BUILDS = 6000;

    /** A poller that started itself again at its end, since months. */
    @Test
    void loadsNoneOfTheBuildsThatLedToOne() throws Exception {
        Paused holder = paused("qwietCiToken(label: 'elsewhere'); semaphore 'PAUSE'");
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        for (int number = 1; number <= BUILDS; number++) {
            write(job, number);
        }
        job.updateNextBuildNumber(BUILDS + 1);
        job.doReload();
        FreeStyleProject poller = jenkins.jenkins.getItemByFullName(job.getFullName(), FreeStyleProject.class);
        Run<?, ?> last = poller.getBuildByNumber(BUILDS);
        assertThat(last.getCauses()).hasAtLeastOneElementOfType(Cause.UpstreamCause.class);
        WorkflowJob pipeline = job("echo 'hello'");

        jenkins.assertBuildStatusSuccess(Objects.requireNonNull(poller.scheduleBuild2(0, startedBy(last))));
        jenkins.assertBuildStatusSuccess(Objects.requireNonNull(pipeline.scheduleBuild2(0, startedBy(last))));

        assertThat(poller._getRuns().getLoadedBuilds()).hasSizeLessThan(20);
        holder.goOn(Result.SUCCESS);
    }

    private static CauseAction startedBy(Run<?, ?> run) {
        return new CauseAction(new Cause.UpstreamCause(run));
    }

    private static void write(FreeStyleProject job, int number) throws Exception {
        Path build = job.getRootDir().toPath().resolve("builds").resolve(String.valueOf(number));
        Files.createDirectories(build);
        Files.writeString(build.resolve("build.xml"), """
                <?xml version='1.1' encoding='UTF-8'?>
                <build><actions><hudson.model.CauseAction><causeBag class="linked-hash-map"><entry>
                <hudson.model.Cause_-UpstreamCause><upstreamProject>NAME</upstreamProject><upstreamUrl>job/NAME/</upstreamUrl>
                <upstreamBuild>BEFORE</upstreamBuild><upstreamCauses/></hudson.model.Cause_-UpstreamCause>
                <int>1</int></entry></causeBag></hudson.model.CauseAction></actions><queueId>1</queueId>
                <timestamp>1700000000000</timestamp><startTime>1700000000000</startTime><result>SUCCESS</result>
                <duration>5</duration><charset>UTF-8</charset><keepLog>false</keepLog><builtOn></builtOn>
                <workspace>/tmp</workspace><hudsonVersion>2.541.3</hudsonVersion>
                <scm class="hudson.scm.NullChangeLogParser"/></build>
                """.replace("NAME", job.getFullName())
                .replace("BEFORE", String.valueOf(number - 1)));
    }
}
