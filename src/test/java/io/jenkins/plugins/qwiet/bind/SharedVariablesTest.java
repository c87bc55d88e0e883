package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.util.Secret;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.credentialsbinding.impl.StringBinding;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;

/** Two bindings of a freestyle job, and other things that stand in the variable of one. */
class SharedVariablesTest extends OnFreestyle {
    @Test
    void aBindingStandsOverGlobalVariables() throws Exception {
        jenkins.jenkins
                .getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(
                        new EnvironmentVariablesNodeProperty.Entry("shiftleft_access_token", "the old one"),
                        new EnvironmentVariablesNodeProperty.Entry("SHIFTLEFT_ORG_ID", "the old org")));
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding("bound"))));
        job.getBuildersList().add(LOOK);
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(good("bound"));
    }

    @Test
    void aTextThatIsBoundToTheSameVariableIsNotSilentlyUsedInstead() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "old", "", Secret.fromString("the-old-one")));
        SystemCredentialsProvider.getInstance().save();
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList()
                .add(new SecretBuildWrapper(
                        List.of(binding("bound"), new StringBinding("SHIFTLEFT_ACCESS_TOKEN", "old"))));
        job.getBuildersList().add(LOOK);
        FreeStyleBuild build = job.scheduleBuild2(0).get();
        jenkins.assertBuildStatus(Result.FAILURE, build);
        jenkins.assertLogContains("Two bindings use the same variable, SHIFTLEFT_ACCESS_TOKEN", build);
        assertThat(qwiet.organization().minted()).isZero();
    }

    @Test
    void twoBindingsOfOursInOneVariableAreNotBothMintedInSilence() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding("one"), binding("two"))));
        job.getBuildersList().add(LOOK);
        FreeStyleBuild build = job.scheduleBuild2(0).get();
        jenkins.assertBuildStatus(Result.FAILURE, build);
        jenkins.assertLogContains("Two bindings use the same variable, SHIFTLEFT_ACCESS_TOKEN", build);
        assertThat(qwiet.organization().minted()).isZero();
    }
}
