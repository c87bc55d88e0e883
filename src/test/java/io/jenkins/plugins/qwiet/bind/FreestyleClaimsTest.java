package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.matrix.AxisList;
import hudson.matrix.MatrixBuild;
import hudson.matrix.MatrixProject;
import hudson.matrix.TextAxis;
import hudson.model.Cause;
import hudson.model.ChoiceParameterDefinition;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.User;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What parameters of a freestyle job or a matrix say of a token and of its account. */
class FreestyleClaimsTest extends OnFreestyle {
    @Test
    void aBindingStandsOverParameters() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", "the old one"),
                new StringParameterDefinition("SHIFTLEFT_ORG_ID", "the old org")));
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding("bound"))));
        job.getBuildersList().add(LOOK);
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(good("bound"));
    }

    @Test
    void theOrganizationOfABindingStandsOverAParameter() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(
                new ParametersDefinitionProperty(new StringParameterDefinition("SHIFTLEFT_ORG_ID", "the old org")));
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding("bound"))));
        job.getBuildersList().add(LOOK);
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
        assertThat(seen(build)).isEqualTo(good("bound"));
    }

    private static void someMayOnlyStartBuilds() {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD)
                .everywhere()
                .to("builder", "user")
                .grant(CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("user"));
        User.getById("builder", true);
    }

    private MatrixBuild matrix(Cause cause, ParameterDefinition definition, ParameterValue value) throws Exception {
        QwietAccount.add(jenkins.jenkins, "other", qwiet.organization().serviceAccount());
        MatrixProject job = jenkins.createProject(MatrixProject.class, newName());
        job.setAxes(new AxisList(new TextAxis("PART", "one", "two")));
        job.addProperty(new ParametersDefinitionProperty(definition));
        var step = new QwietTokenBuilder("cell ${PART}");
        step.setCredentialsId("${ACCOUNT}");
        job.getBuildersList().add(step);
        return job.scheduleBuild2(0, cause, List.of(new ParametersAction(value)))
                .get();
    }

    @Test
    void aChoiceIsTheJobsInAMatrixToo() throws Exception {
        someMayOnlyStartBuilds();
        MatrixBuild build = matrix(
                new Cause.UserIdCause("builder"),
                new ChoiceParameterDefinition("ACCOUNT", new String[] {"sa", "other"}, ""),
                new StringParameterValue("ACCOUNT", "other"));
        assertThat(build.getExactRuns()).hasSize(2).allSatisfy(run -> jenkins.assertBuildStatusSuccess(run));
    }

    @Test
    void aMatrixThatATimerStartsHasTheDefaultAccount() throws Exception {
        someMayOnlyStartBuilds();
        MatrixBuild build = matrix(
                new TimerTrigger.TimerTriggerCause(),
                new StringParameterDefinition("ACCOUNT", "sa"),
                new StringParameterValue("ACCOUNT", "sa"));
        assertThat(build.getExactRuns()).hasSize(2).allSatisfy(run -> jenkins.assertBuildStatusSuccess(run));
    }
}
