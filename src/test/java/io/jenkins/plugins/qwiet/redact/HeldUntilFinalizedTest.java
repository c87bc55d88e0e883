package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
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
import hudson.model.listeners.RunListener;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.TestNotifier;

/** A token that lives on, and what prints it or hands it on when its build is complete: the log is written for a while yet. */
class HeldUntilFinalizedTest extends OnJenkins {
    @TempDir
    Path files;

    private Path file;

    @BeforeEach
    void tokensLive() {
        tokensMayStay = true;
        file = files.resolve("token");
    }

    @AfterEach
    void asItWas() {
        qwiet.clearFaults();
        QwietConfiguration.get().setRevokeAtEnd(true);
    }

    private void nobodyRevokes(String why) {
        if (why.equals("outage")) {
            qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        } else {
            QwietConfiguration.get().setRevokeAtEnd(false);
        }
    }

    /** Runs when the build is complete, if it asks for that. */
    private abstract static class PostBuild extends TestNotifier {
        private final boolean late;

        PostBuild(boolean late) {
            this.late = late;
        }

        @Override
        public boolean needsToRunAfterFinalized() {
            return late;
        }
    }

    public static class Printing extends PostBuild {
        private final transient Shell shell;

        Printing(boolean late, Path file) {
            super(late);
            shell = new Shell("set +x; echo \"got <$(cat '" + file + "')>\"");
        }

        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException {
            return shell.perform(build, launcher, listener);
        }
    }

    /** As the Parameterized Trigger plugin hands the properties of a file on. */
    public static class HandingOn extends PostBuild {
        private final transient FreeStyleProject to;
        private final transient Path file;

        HandingOn(boolean late, FreeStyleProject to, Path file) {
            super(late);
            this.to = to;
            this.file = file;
        }

        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws IOException {
            return to.scheduleBuild2(
                            0,
                            new CauseAction(new Cause.UpstreamCause((Run<?, ?>) build)),
                            new ParametersAction(new StringParameterValue("GIVEN", Files.readString(file))))
                    != null;
        }
    }

    @ParameterizedTest
    @CsvSource({"false, outage", "true, outage", "false, revoking is off", "true, revoking is off"})
    void aPostBuildActionPrints(boolean late, String why) throws Exception {
        nobodyRevokes(why);
        FreeStyleProject job = writing();
        job.getPublishersList().add(new Printing(late, file));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        Leaks.assertHidden(build, Files.readString(file), qwiet);
        assertForgotten(build, Files.readString(file));
    }

    @ParameterizedTest
    @CsvSource({"false, outage", "true, outage", "true, revoking is off"})
    void aPostBuildActionHandsOn(boolean late, String why) throws Exception {
        nobodyRevokes(why);
        FreeStyleProject down = jenkins.createFreeStyleProject(newName());
        down.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
        down.getBuildersList().add(new Shell("set +x; echo \"got <$GIVEN>\""));
        FreeStyleProject job = writing();
        job.getPublishersList().add(new HandingOn(late, down, file));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        jenkins.waitUntilNoActivity();

        Leaks.assertHidden(Objects.requireNonNull(down.getLastBuild()), Files.readString(file), qwiet);
        assertForgotten(build, Files.readString(file));
    }

    /** Of another plugin, after those of this one. */
    @Test
    void aListenerOfAPipelinesEndPrints() throws Exception {
        nobodyRevokes("outage");
        RunListener<Run<?, ?>> printing = new RunListener<>() {
            @Override
            public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
                log.getLogger().println("got <" + valueOf("last") + ">");
            }
        };
        printing.register();
        try {
            WorkflowRun run = build(Result.SUCCESS, "qwietCiToken(label: 'last')");

            Leaks.assertHidden(run, valueOf("last"), qwiet);
            assertForgotten(run, valueOf("last"));
        } finally {
            printing.unregister();
        }
    }

    private FreeStyleProject writing() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("step"));
        job.getBuildersList().add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" > '" + file + "'"));
        return job;
    }

    private static void assertForgotten(Run<?, ?> run, String value) throws Exception {
        assertThat(BuildMask.anyReveals(value)).isFalse();
        assertThat(Files.readString(run.getRootDir().toPath().resolve("build.xml")))
                .contains("label=")
                .doesNotContain(" value=");
    }
}
