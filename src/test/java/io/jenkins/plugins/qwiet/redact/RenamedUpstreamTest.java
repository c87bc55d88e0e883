package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Items;
import hudson.model.Run;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A build that reads a token from a file knows the build that wrote it by the name that this had when it started the other. */
class RenamedUpstreamTest extends OnJenkins {
    @TempDir
    Path files;

    enum Change {
        JOB_RENAMED {
            @Override
            void of(WorkflowJob job) throws Exception {
                job.renameTo(newName());
            }
        },
        JOB_RENAMED_TWICE {
            @Override
            void of(WorkflowJob job) throws Exception {
                job.renameTo(newName());
                job.renameTo(newName());
            }
        },
        FOLDER_RENAMED {
            @Override
            void of(WorkflowJob job) throws Exception {
                ((Folder) job.getParent()).renameTo(newName());
            }
        },
        FOLDER_ABOVE_RENAMED {
            @Override
            void of(WorkflowJob job) throws Exception {
                ((Folder) ((Folder) job.getParent()).getParent()).renameTo(newName());
            }
        },
        JOB_MOVED {
            @Override
            void of(WorkflowJob job) throws Exception {
                Items.move(job, jenkins.jenkins);
            }
        },
        FOLDER_MOVED {
            @Override
            void of(WorkflowJob job) throws Exception {
                Items.move((Folder) job.getParent(), jenkins.createProject(Folder.class, newName()));
            }
        };

        abstract void of(WorkflowJob job) throws Exception;
    }

    private static WorkflowJob upstreamJob() throws Exception {
        return jenkins.createProject(Folder.class, newName())
                .createProject(Folder.class, newName())
                .createProject(WorkflowJob.class, newName());
    }

    private Path fileWith(String value) throws Exception {
        return Files.writeString(files.resolve("token"), value);
    }

    private static CauseAction startedBy(Run<?, ?> run) {
        return new CauseAction(new Cause.UpstreamCause(run));
    }

    private void assertHidden(Run<?, ?> run, String value, Paused upstream) throws Exception {
        boolean isLive = qwiet.organization().isLive(value);
        upstream.run().doKill();
        assertThat(isLive).as("still live").isTrue();
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("got <****>");
        assertThat(new Leaks(value).in(log)).as("token in the log").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void hidesWhatABuildReadsThatWaitedMeanwhile(Change change) throws Exception {
        Paused upstream = paused(upstreamJob(), "qwietCiToken(label: 'filed'); semaphore 'PAUSE'");
        String value = token("filed").value();
        FreeStyleProject down = jenkins.createFreeStyleProject(newName());
        down.getBuildersList().add(new Shell("set +x; echo \"got <$(cat " + fileWith(value) + ")>\""));

        var waiting = Objects.requireNonNull(down.scheduleBuild2(4, startedBy(upstream.run())));
        change.of(upstream.run().getParent());
        assertThat(waiting.getStartCondition().isDone()).as("has started").isFalse();

        assertHidden(jenkins.waitForCompletion(waiting.waitForStart()), value, upstream);
    }

    /** Is looked for again whenever the upstream build has other tokens. */
    @ParameterizedTest
    @EnumSource
    void hidesWhatARunningBuildReadsWhenTheOtherOneHasOneMore(Change change) throws Exception {
        Paused upstream = paused(upstreamJob(), "qwietCiToken(label: 'first'); semaphore 'PAUSE'");
        String value = token("first").value();
        String pause = newName();
        WorkflowJob down =
                job("semaphore '" + pause + "'; node { sh 'set +x; echo \"got <$(cat " + fileWith(value) + ")>\"' }");
        WorkflowRun run = Objects.requireNonNull(down.scheduleBuild2(0, startedBy(upstream.run())))
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);

        change.of(upstream.run().getParent());
        // Pipeline itself finds no step of a build again whose job was renamed, so none mints another.
        BuildMask.of(upstream.run()).hide(List.of(SecretText.of(value), SecretText.of("one-more-token-of-this-build")));
        SemaphoreStep.success(pause + "/1", null);

        assertHidden(jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run)), value, upstream);
    }
}
