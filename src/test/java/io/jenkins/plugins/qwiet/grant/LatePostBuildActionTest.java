package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestNotifier;

/** A post-build action that asks to run when the build is complete, as those do that hand results on. */
class LatePostBuildActionTest extends OnOneClock {
    private static final Shell LOOK =
            new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen");

    public static class Looking extends TestNotifier {
        private final boolean late;

        Looking(boolean late) {
            this.late = late;
        }

        @Override
        public boolean needsToRunAfterFinalized() {
            return late;
        }

        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException {
            return LOOK.perform(build, launcher, listener);
        }
    }

    @AfterEach
    void asItWas() {
        jenkins.jenkins.getGlobalNodeProperties().clear();
        qwiet.clearFaults();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void seesTheOrganizationOfTheJobAfterABinding(boolean late) throws Exception {
        set("SHIFTLEFT_ORG_ID", qwiet.organization().id());
        FreeStyleBuild build = bound(late);

        assertThat(seen(build)).isEqualTo(" of " + qwiet.organization().id());
        assertThat(JenkinsRule.getLog(build)).doesNotContain("is no longer valid");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void seesNoTokenThatIsLeftByAnOutage(boolean late) throws Exception {
        tokensMayStay = true;
        qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        FreeStyleBuild build = bound(late);

        assertThat(qwiet.organization().isLive(valueOf("bound"))).isTrue();
        assertThat(seen(build)).doesNotContain(valueOf("bound"));
        assertThat(JenkinsRule.getLog(build)).doesNotContain("is no longer valid");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void seesNotWhatWasThereBeforeABuildStep(boolean late) throws Exception {
        set("SHIFTLEFT_ACCESS_TOKEN", "the old one");
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("step"));
        job.getPublishersList().add(new Looking(late));

        assertThat(seen(jenkins.buildAndAssertSuccess(job))).doesNotContain("the old one");
    }

    /** Marks of values are hashes of secrets: there is no reason to keep them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsKeptThatOnlyTellsValuesApart(boolean late) throws Exception {
        FreeStyleBuild build = bound(late);

        assertThat(BuildTokens.of(build).orElseThrow().getTokens())
                .isNotEmpty()
                .allSatisfy(token -> assertThat(token.line().values()).isEmpty());
    }

    private static void set(String variable, String value) {
        jenkins.jenkins
                .getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(new EnvironmentVariablesNodeProperty.Entry(variable, value)));
    }

    private static FreeStyleBuild bound(boolean late) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel("bound");
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));
        job.getPublishersList().add(new Looking(late));
        return jenkins.buildAndAssertSuccess(job);
    }

    private static String seen(FreeStyleBuild build) throws Exception {
        return build.getWorkspace().child("seen").readToString();
    }
}
