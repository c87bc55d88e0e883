package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.EnvironmentContributingAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.InvisibleAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;
import org.jvnet.hudson.test.TestNotifier;

/** Of several tokens of a freestyle build, and of one that is gone, which its processes see, and what the log says of it. */
class TokensOfFreestyleTest extends OnTwoOrganizations {
    private static final Shell LOOK =
            new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen; echo looked");

    /** Something happens between two steps. */
    private interface Between {
        void happen(FreeStyleBuild build) throws Exception;
    }

    private static final class Then extends TestBuilder {
        private final transient Between what;

        Then(Between what) {
            this.what = what;
        }

        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws IOException {
            try {
                what.happen((FreeStyleBuild) build);
            } catch (Exception e) {
                throw new IOException(e);
            }
            return true;
        }
    }

    private Then theClockIsPutBack() {
        return new Then(build -> clock.advance(Duration.ofSeconds(-5)));
    }

    private static Then isRevoked(String label) {
        return new Then(build -> {
            TokenRecord token = find(build, label);
            TokenRevoker.recall(List.of(JenkinsLeases.get()
                            .leasing()
                            .store()
                            .find(token.nonce())
                            .orElseThrow()))
                    .get();
            await().until(() -> !find(build, label).isCurrent());
        });
    }

    private static TokenRecord find(FreeStyleBuild build, String label) {
        return BuildTokens.of(build).orElseThrow().getTokens().stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private FreeStyleProject bound(String label) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel(label);
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));
        return job;
    }

    private QwietTokenBuilder ofOther(String label, String variable) {
        var step = new QwietTokenBuilder(label);
        step.setVariable(variable);
        step.setCredentialsId("other");
        step.setOrgId(other.id());
        return step;
    }

    private static String seen(FreeStyleBuild build) throws Exception {
        return build.getWorkspace().child("seen").readToString();
    }

    private String good(String label) {
        return valueOf(label) + " of " + qwiet.organization().id();
    }

    private static String beforeTheLook(FreeStyleBuild build) throws Exception {
        return JenkinsRule.getLog(build).split("looked")[0];
    }

    @Test
    void theLaterStepsTokenIsUsedThoughTheClockWasPutBack() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList()
                .addAll(List.of(new QwietTokenBuilder("a"), theClockIsPutBack(), new QwietTokenBuilder("b"), LOOK));
        assertThat(seen(jenkins.buildAndAssertSuccess(job))).isEqualTo(good("b"));
    }

    @Test
    void aStepsTokenIsUsedOverABindingThoughTheClockWasPutBack() throws Exception {
        FreeStyleProject job = bound("bound");
        job.getBuildersList().addAll(List.of(theClockIsPutBack(), new QwietTokenBuilder("b"), LOOK));
        assertThat(seen(jenkins.buildAndAssertSuccess(job))).isEqualTo(good("b"));
    }

    /** A successor of the earlier one is the last in the list, but came no later. */
    @Test
    void aRenewalDoesNotTakeTheOrganizationsVariable() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var first = new QwietTokenBuilder("a");
        first.setVariable("TOKEN_A");
        first.setValidFor(60);
        var second = ofOther("b", "TOKEN_B");
        second.setValidFor(3600);
        job.getBuildersList()
                .addAll(List.of(
                        first,
                        theClockIsPutBack(),
                        second,
                        new Then(build -> {
                            passEachSecond(65);
                            await().until(() -> BuildTokens.of(build)
                                    .orElseThrow()
                                    .current(find(build, "a").lineId())
                                    .filter(token -> token.number() > 1)
                                    .isPresent());
                        }),
                        LOOK));
        assertThat(seen(jenkins.buildAndAssertSuccess(job))).isEqualTo(" of " + other.id());
    }

    @Test
    void aBindingsRevokedTokenIsNotUsedInSilence() throws Exception {
        FreeStyleProject job = bound("bound");
        job.getBuildersList().addAll(List.of(isRevoked("bound"), LOOK));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(" of ");
        assertThat(beforeTheLook(build))
                .containsPattern("CI token \"bound\" .* is no longer valid, so SHIFTLEFT_ACCESS_TOKEN is not set")
                .containsPattern("CI token \"bound\" .* is no longer valid, so SHIFTLEFT_ORG_ID is not set");
    }

    @Test
    void norDoesAParameterTakeThePlaceOfABindingsRevokedToken() throws Exception {
        FreeStyleProject job = bound("bound");
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", "the old one"),
                new StringParameterDefinition("SHIFTLEFT_ORG_ID", "the old org")));
        job.getBuildersList().addAll(List.of(isRevoked("bound"), LOOK));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(" of ");
        assertThat(beforeTheLook(build)).contains("is no longer valid, so SHIFTLEFT_ACCESS_TOKEN is not set");
    }

    @Test
    void anotherTokenStandsInForABindingsRevokedOne() throws Exception {
        FreeStyleProject job = bound("bound");
        job.getBuildersList().addAll(List.of(isRevoked("bound"), new QwietTokenBuilder("b"), LOOK));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(good("b"));
        assertThat(JenkinsRule.getLog(build)).doesNotContain("is no longer valid, so");
    }

    /** The binding ended, and said so: its variable is not set, and nothing of that needs a line. */
    @Test
    void afterABindingNoProcessSeesItsTokenAndTheLogSaysNoMore() throws Exception {
        var global = new EnvironmentVariablesNodeProperty(new EnvironmentVariablesNodeProperty.Entry(
                "SHIFTLEFT_ORG_ID", qwiet.organization().id()));
        jenkins.jenkins.getGlobalNodeProperties().add(global);
        FreeStyleProject job = bound("bound");
        job.getPublishersList().add(new TestNotifier() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                    throws InterruptedException {
                return LOOK.perform(build, launcher, listener);
            }
        });
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        jenkins.jenkins.getGlobalNodeProperties().remove(global);
        assertThat(seen(build)).isEqualTo(" of " + qwiet.organization().id());
        assertThat(JenkinsRule.getLog(build)).doesNotContain("is no longer valid, so");
    }

    /** It holds an ID. */
    @Test
    void theVariableOfTheOrganizationHoldsNoToken() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var first = new QwietTokenBuilder("a");
        first.setVariable("TOKEN_A");
        job.getBuildersList().addAll(List.of(first, ofOther("b", "TOKEN_B"), isRevoked("b"), LOOK));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(" of " + qwiet.organization().id());
        assertThat(JenkinsRule.getLog(build)).doesNotContain("SHIFTLEFT_ORG_ID holds CI token");
    }

    /** As EnvInject does. */
    public static class Injected extends InvisibleAction implements EnvironmentContributingAction {
        @Override
        public void buildEnvVars(AbstractBuild<?, ?> build, EnvVars env) {
            env.put("SHIFTLEFT_ORG_ID", "injected");
        }
    }

    /** The token is used all the same. */
    @Test
    void theLineOfAnOrganizationThatAStepSetSpeaksOfTheOrganization() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList()
                .addAll(List.of(new QwietTokenBuilder("a"), new Then(build -> build.addAction(new Injected())), LOOK));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(valueOf("a") + " of injected");
        assertThat(JenkinsRule.getLog(build))
                .containsPattern("sets SHIFTLEFT_ORG_ID itself after CI token \"a\" .* was created.*"
                        + "To use the ID of the organization .*remove the assignment, or choose another orgVariable")
                .doesNotContain("To use the CI token");
    }
}
