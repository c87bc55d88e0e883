package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.credentialsbinding.impl.StringBinding;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

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

    private static void addText(String id, String text) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(text)));
        SystemCredentialsProvider.getInstance().save();
    }

    /** To replace a pasted token by changing one word, also where the organization was a secret text. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOrganizationMayBeASecretTextToo(boolean theSame) throws Exception {
        addText("shiftleft-org", theSame ? qwiet.organization().id() : "00000000-0000-0000-0000-000000000000");
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent any
                  environment {
                    SHIFTLEFT_ACCESS_TOKEN = credentials('sa')
                    SHIFTLEFT_ORG_ID = credentials('shiftleft-org')
                  }
                  stages { stage('scan') { steps {
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID" > seen'
                    archiveArtifacts 'seen'
                  } } }
                }
                """);
        try (var in = run.getArtifactManager().root().child("seen").open()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("ey")
                    .endsWith(" of " + qwiet.organization().id());
        }
    }

    /** Of two, it is the later one that counts; and no token is used with the ID of a text in silence. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOrganizationMayBeASecretTextInFreestyleToo(boolean textIsLast) throws Exception {
        addText("org", "another-organization");
        var text = new StringBinding("SHIFTLEFT_ORG_ID", "org");
        var ours = binding("bound");
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(new SecretBuildWrapper(textIsLast ? List.of(ours, text) : List.of(text, ours)));
        job.getBuildersList().add(LOOK);
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(textIsLast ? valueOf("bound") + " of another-organization" : good("bound"));
        assertThat(JenkinsRule.getLog(build).lines())
                .filteredOn(line -> line.contains("sets SHIFTLEFT_ORG_ID itself"))
                .hasSize(textIsLast ? 1 : 0);
    }
}
