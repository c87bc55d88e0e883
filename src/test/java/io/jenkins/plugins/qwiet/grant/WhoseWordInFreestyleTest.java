package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.EnvironmentContributingAction;
import hudson.model.FreeStyleProject;
import hudson.model.InvisibleAction;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestBuilder;

/** The rule that docs/usage.md has under "Which value a variable has", in builds that are no Pipelines. */
class WhoseWordInFreestyleTest extends OnOneClock {
    private static final String WARNING = "itself instead of CI token";

    private String good(String label) {
        return valueOf(label) + " of " + qwiet.organization().id();
    }

    /** What somebody does between two build steps. */
    private static TestBuilder then(Callable<Void> what) {
        return new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                    throws IOException {
                try {
                    what.call();
                } catch (Exception e) {
                    throw new IOException(e);
                }
                return true;
            }
        };
    }

    /** By some seconds, as clocks are when they are compared with others. */
    @Test
    void theLaterTokenIsUsedThoughTheClockWasPutBack() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("first"));
        job.getBuildersList().add(then(() -> {
            clock.advance(Duration.ofSeconds(-5));
            return null;
        }));
        job.getBuildersList().add(new QwietTokenBuilder("second"));
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        var build = jenkins.buildAndAssertSuccess(job);
        assertThat(build.getWorkspace().child("seen").readToString()).isEqualTo(good("second"));
    }

    /** Another organization's ID takes its place there when its token is revoked: no token does. */
    @Test
    void theVariableOfTheOrganizationHoldsNoToken() throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var first = new QwietTokenBuilder("first");
        first.setVariable("TOKEN_A");
        job.getBuildersList().add(first);
        var second = new QwietTokenBuilder("second");
        second.setVariable("TOKEN_B");
        second.setCredentialsId("other");
        second.setOrgId(other.id());
        job.getBuildersList().add(second);
        job.getBuildersList().add(then(() -> {
            GoneTokensTest.recall(job.getLastBuild(), "second");
            return null;
        }));
        job.getBuildersList().add(new Shell("set +x; printf %s \"$SHIFTLEFT_ORG_ID\" > seen"));
        var build = jenkins.buildAndAssertSuccess(job);
        assertThat(build.getWorkspace().child("seen").readToString())
                .isEqualTo(qwiet.organization().id());
        jenkins.assertLogNotContains("SHIFTLEFT_ORG_ID holds CI token", build);
    }

    @Test
    void theSecondTokenStandsOverWhatWasSetBefore() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("first"));
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener) {
                build.addAction(new Injected());
                return true;
            }
        });
        job.getBuildersList().add(new QwietTokenBuilder("second"));
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        var build = job.scheduleBuild2(0).get();
        String seen = build.getWorkspace().child("seen").readToString();
        assertThat(seen).isEqualTo(good("second"));
        jenkins.assertLogNotContains(WARNING, build);
    }

    @Test
    void theOrganizationDoesNotComeBack() throws Exception {
        var global = new hudson.slaves.EnvironmentVariablesNodeProperty(
                new hudson.slaves.EnvironmentVariablesNodeProperty.Entry("SHIFTLEFT_ORG_ID", "the old org"));
        jenkins.jenkins.getGlobalNodeProperties().add(global);
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("first"));
        var second = new QwietTokenBuilder("second");
        second.setVariable("SECOND");
        job.getBuildersList().add(second);
        job.getBuildersList()
                .add(then(() -> TokenRevoker.recall(
                                JenkinsLeases.get().leasing().store().leases())
                        .get()));
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        var build = job.scheduleBuild2(0).get();
        jenkins.jenkins.getGlobalNodeProperties().remove(global);
        String seen = build.getWorkspace().child("seen").readToString();
        assertThat(seen).doesNotContain("the old org");
    }

    @Test
    void aTokenThatIsBoundInsideOfABindingIsSeen() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel("block");
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));
        job.getBuildersList().add(new QwietTokenBuilder("new"));
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        var build = job.scheduleBuild2(0).get();
        String seen = build.getWorkspace().child("seen").readToString();
        assertThat(seen).isEqualTo(good("new"));
        jenkins.assertLogNotContains(WARNING, build);
    }

    @Test
    void whatAStepSetsLaterWinsWithALineThatNamesNoPipeline() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("first"));
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener) {
                build.addAction(new Injected());
                return true;
            }
        });
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        var build = jenkins.buildAndAssertSuccess(job);
        assertThat(build.getWorkspace().child("seen").readToString()).startsWith("injected of");
        jenkins.assertLogContains(
                "another step or a plugin of this build sets SHIFTLEFT_ACCESS_TOKEN " + WARNING, build);
        jenkins.assertLogNotContains("the Pipeline", build);
    }

    /** As EnvInject does. */
    public static class Injected extends InvisibleAction implements EnvironmentContributingAction {
        @Override
        public void buildEnvVars(AbstractBuild<?, ?> build, EnvVars env) {
            env.put("SHIFTLEFT_ACCESS_TOKEN", "injected");
        }
    }
}
