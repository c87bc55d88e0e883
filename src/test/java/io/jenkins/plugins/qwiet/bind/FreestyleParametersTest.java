package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ChoiceParameterDefinition;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.RunParameterDefinition;
import hudson.model.RunParameterValue;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.User;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.slaves.EnvironmentVariablesNodeProperty.Entry;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestExtension;

/** A freestyle job in whose form parameters stand, and who may choose an account by one. */
class FreestyleParametersTest extends OnJenkins {
    @BeforeEach
    void someMayOnlyStartBuilds() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD)
                .everywhere()
                .to("builder", "user")
                .grant(CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("user"));
        QwietAccount.add(jenkins.jenkins, "other", qwiet.organization().serviceAccount());
        User.getById("builder", true);
        User.getById("user", true);
    }

    private static FreeStyleBuild build(
            String user, boolean bound, String account, ParameterDefinition definition, ParameterValue value)
            throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(definition));
        if (bound) {
            var binding = new QwietAccessTokenBinding(account);
            binding.setLabel("of ${ACCOUNT}.");
            job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));
        } else {
            var step = new QwietTokenBuilder("of ${ACCOUNT}.");
            step.setCredentialsId(account);
            job.getBuildersList().add(step);
        }
        return job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause(user)), new ParametersAction(value))
                .get();
    }

    private static ParameterDefinition credentials(String defaultId) {
        return new CredentialsParameterDefinition("ACCOUNT", "", defaultId, QwietServiceAccount.class.getName(), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${ACCOUNT}", "$ACCOUNT"})
    void aCredentialsParameterGivesNobodyTheCredentialsOfAJob(String account) throws Exception {
        for (boolean bound : List.of(true, false)) {
            var value = new CredentialsParameterValue("ACCOUNT", "other", "");

            jenkins.assertBuildStatus(Result.FAILURE, build("builder", bound, account, credentials("sa"), value));
            assertThat(qwiet.organization().minted()).isZero();
        }
        var value = new CredentialsParameterValue("ACCOUNT", "other", "");
        jenkins.assertBuildStatusSuccess(build("user", false, account, credentials("sa"), value));
        jenkins.assertBuildStatusSuccess(build("user", true, account, credentials("sa"), value));
        assertThat(qwiet.organization().minted()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noMoreDoesATextThatWasTyped(boolean bound) throws Exception {
        var definition = new StringParameterDefinition("ACCOUNT", "sa");

        var refused = build("builder", bound, "${ACCOUNT}", definition, new StringParameterValue("ACCOUNT", "other"));
        jenkins.assertBuildStatus(Result.FAILURE, refused);
        jenkins.assertLogContains("The user builder may not choose a service account for this job", refused);
        assertThat(qwiet.organization().minted()).isZero();

        jenkins.assertBuildStatusSuccess(
                build("builder", bound, "${ACCOUNT}", definition, new StringParameterValue("ACCOUNT", "sa")));
        jenkins.assertBuildStatusSuccess(
                build("user", bound, "${ACCOUNT}", definition, new StringParameterValue("ACCOUNT", "other")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChoiceIsTheJobsAndAnEmptyOneTheGlobalAccount(boolean bound) throws Exception {
        var definition = new ChoiceParameterDefinition("ACCOUNT", new String[] {"", "other"}, "");
        for (String choice : List.of("", "other")) {
            var run = build("builder", bound, "${ACCOUNT}", definition, new StringParameterValue("ACCOUNT", choice));

            jenkins.assertBuildStatusSuccess(run);
            jenkins.assertLogContains("created CI token \"of " + choice + ".\"", run);
        }
    }

    /** {@code EnvVars.resolve} has put what was typed into other variables by the time that anybody looks. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noMoreDoesAVariableWithATypedTextInIt(boolean bound) throws Exception {
        var definition = new StringParameterDefinition("ACCOUNT", "sa");
        var typed = new StringParameterValue("ACCOUNT", "other");
        for (var properties : List.of(jenkins.jenkins.getGlobalNodeProperties(), jenkins.jenkins.getNodeProperties())) {
            properties.replaceBy(List.of(new EnvironmentVariablesNodeProperty(
                    new Entry("OF_TEAM", "${ACCOUNT}"), new Entry("FIXED", "other"))));
            try {
                long before = qwiet.organization().minted();
                for (String text : List.of("${OF_TEAM}", "$of_team")) {
                    var refused = build("builder", bound, text, definition, typed);
                    jenkins.assertBuildStatus(Result.FAILURE, refused);
                    jenkins.assertLogContains(
                            "The user builder may not choose a service account for this job", refused);
                }
                assertThat(qwiet.organization().minted()).isEqualTo(before);

                var asConfigured = new StringParameterValue("ACCOUNT", "sa");
                jenkins.assertBuildStatusSuccess(build("builder", bound, "${OF_TEAM}", definition, asConfigured));
                jenkins.assertBuildStatusSuccess(build("user", bound, "${OF_TEAM}", definition, typed));
                // Whatever else was typed: this variable is none of it.
                jenkins.assertBuildStatusSuccess(build("builder", bound, "${FIXED}", definition, typed));
            } finally {
                properties.clear();
            }
        }
    }

    /** A parameter may set more than the variable of its name. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noMoreDoAllVariablesOfAParameter(boolean bound) throws Exception {
        FreeStyleProject chosen = jenkins.createFreeStyleProject(newName());
        FreeStyleBuild first = jenkins.buildAndAssertSuccess(chosen);
        first.setDisplayName("other");
        FreeStyleBuild last = jenkins.buildAndAssertSuccess(chosen);
        last.setDisplayName("sa");
        var definition = new RunParameterDefinition(
                "ACCOUNT", chosen.getFullName(), "", RunParameterDefinition.RunParameterFilter.ALL);
        var value = new RunParameterValue("ACCOUNT", first.getExternalizableId());

        var refused = build("builder", bound, "${ACCOUNT_NAME}", definition, value);
        jenkins.assertBuildStatus(Result.FAILURE, refused);
        jenkins.assertLogContains("The user builder may not choose a service account for this job", refused);

        jenkins.assertBuildStatusSuccess(build("user", bound, "${ACCOUNT_NAME}", definition, value));
        var latest = new RunParameterValue("ACCOUNT", last.getExternalizableId());
        jenkins.assertBuildStatusSuccess(build("builder", bound, "${ACCOUNT_NAME}", definition, latest));
    }

    /** It may be made of what was typed, and nobody can tell: so who is refused reads that. */
    @Test
    void whatAWrapperSetsCountsAsTyped() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("BRANCH", "main")));
        job.getBuildWrappersList().add(new Team());
        var step = new QwietTokenBuilder("of the team");
        step.setCredentialsId("${TEAM_ACCOUNT}");
        job.getBuildersList().add(step);
        for (String user : List.of("builder", "user")) {
            for (String branch : List.of("main", "feature/a")) {
                FreeStyleBuild run = job.scheduleBuild2(
                                0,
                                new CauseAction(new Cause.UserIdCause(user)),
                                new ParametersAction(new StringParameterValue("BRANCH", branch)))
                        .get();
                boolean refused = user.equals("builder") && !branch.equals("main");
                jenkins.assertBuildStatus(refused ? Result.FAILURE : Result.SUCCESS, run);
                if (refused) {
                    jenkins.assertLogContains("what a build wrapper or an earlier step sets counts as typed, too", run);
                }
            }
        }
    }

    public static class Team extends BuildWrapper {
        @Override
        public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener) {
            return new Environment() {
                @Override
                public void buildEnvVars(Map<String, String> env) {
                    env.put("TEAM_ACCOUNT", "other");
                }
            };
        }

        @TestExtension
        public static class DescriptorImpl extends BuildWrapperDescriptor {
            @Override
            public boolean isApplicable(AbstractProject<?, ?> item) {
                return true;
            }
        }
    }
}
