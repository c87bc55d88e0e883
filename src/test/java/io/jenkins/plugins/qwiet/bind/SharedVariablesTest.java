package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.tasks.Shell;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.credentialsbinding.impl.StringBinding;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;

/** Two bindings of a freestyle job, and other things that stand in the variable of one. */
class SharedVariablesTest extends OnJenkins {
    private static final Shell LOOK =
            new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen");

    private String good(String label) {
        return valueOf(label) + " of " + qwiet.organization().id();
    }

    private static QwietAccessTokenBinding binding(String label) {
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel(label);
        return binding;
    }

    private static String seen(FreeStyleBuild build) throws Exception {
        return build.getWorkspace().child("seen").readToString();
    }

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
