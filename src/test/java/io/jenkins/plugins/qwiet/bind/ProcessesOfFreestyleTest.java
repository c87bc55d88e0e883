package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.tasks.Shell;
import java.io.IOException;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestBuilder;

/** What the processes of build steps see, however a step puts their environment together. */
class ProcessesOfFreestyleTest extends OnFreestyle {
    /** As the build steps of Ant, Gradle and many others make the environment of their process. */
    public static class AsAntDoes extends TestBuilder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException, IOException {
            EnvVars env = build.getEnvironment(listener);
            env.overrideAll(build.getBuildVariables());
            return launcher.launch()
                            .cmds("sh", "-c", "printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen")
                            .envs(env)
                            .stdout(listener)
                            .pwd(build.getWorkspace())
                            .join()
                    == 0;
        }
    }

    private static FreeStyleProject migrating() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", ""),
                new StringParameterDefinition("SHIFTLEFT_ORG_ID", "")));
        return job;
    }

    @Test
    void anEmptyParameterTakesNoBindingFromAnt() throws Exception {
        FreeStyleProject job = migrating();
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding("bound"))));
        job.getBuildersList().add(new AsAntDoes());
        assertThat(seen(jenkins.buildAndAssertSuccess(job))).isEqualTo(good("bound"));
    }

    @Test
    void anEmptyParameterTakesNoTokenForTheRestFromAnt() throws Exception {
        FreeStyleProject job = migrating();
        job.getBuildersList().add(new QwietTokenBuilder("rest"));
        job.getBuildersList().add(new AsAntDoes());
        assertThat(seen(jenkins.buildAndAssertSuccess(job))).isEqualTo(good("rest"));
    }

    @Test
    void anEmptyParameterTakesNothingFromAShell() throws Exception {
        FreeStyleProject job = migrating();
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding("bound"))));
        job.getBuildersList().add(LOOK);
        assertThat(seen(jenkins.buildAndAssertSuccess(job))).isEqualTo(good("bound"));
    }

    @Test
    void theSecondTokenIsInTheVariableThatItNames() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var first = new QwietTokenBuilder("first");
        first.setVariable("qwiet_token");
        var second = new QwietTokenBuilder("second");
        second.setVariable("QWIET_TOKEN");
        job.getBuildersList().add(first);
        job.getBuildersList().add(second);
        job.getBuildersList().add(new Shell("set +x; printf %s \"$QWIET_TOKEN\" > seen"));
        assertThat(seen(jenkins.buildAndAssertSuccess(job))).isEqualTo(valueOf("second"));
    }
}
