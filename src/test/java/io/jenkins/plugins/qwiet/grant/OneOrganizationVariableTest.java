package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Tokens of two organizations never share one variable for their IDs without a line in the log. */
class OneOrganizationVariableTest extends OnJenkins {
    @Test
    void twoCredentialsOfTwoOrganizationsAreNotMixedInSilence() throws Exception {
        var other = qwiet.addOrganization();
        var provider = com.cloudbees.plugins.credentials.SystemCredentialsProvider.getInstance();
        var account = new io.jenkins.plugins.qwiet.accounts.QwietServiceAccount(
                com.cloudbees.plugins.credentials.CredentialsScope.GLOBAL,
                "of-other",
                "",
                hudson.util.Secret.fromString(other.serviceAccount()));
        account.setOrgId(other.id());
        provider.getCredentials().add(account);
        provider.save();
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent any
                  environment {
                    ONE = credentials('sa')
                    TWO = credentials('of-other')
                  }
                  stages { stage('scan') { steps { sh 'echo "org: $SHIFTLEFT_ORG_ID"' } } }
                }
                """);
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.startsWith("Qwiet:")))
                .anyMatch(line -> line.contains("SHIFTLEFT_ORG_ID"));
    }

    @Test
    void twoTokensOfTwoOrganizationsForTheRestAreNotMixedInSilence() throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "of-other", other.serviceAccount());
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  qwietCiToken(label: 'one', variable: 'ONE')
                  qwietCiToken(label: 'two', variable: 'TWO', credentialsId: 'of-other', orgId: 'OTHER')
                  sh 'echo "org: $SHIFTLEFT_ORG_ID"'
                }
                """.replace("OTHER", other.id()));
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.startsWith("Qwiet:")))
                .anyMatch(line -> line.contains("SHIFTLEFT_ORG_ID"));
    }

    /** However often it happens: the log of a long build stays short. */
    @Test
    void thatTwoOrganizationsShareAVariableIsSaidOnce() throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "of-other", other.serviceAccount());
        WorkflowRun run = build(Result.SUCCESS, """
                qwietCiToken(label: 'one', variable: 'ONE')
                for (int i = 0; i < 3; i++) {
                  withQwietCiToken(label: "two $i", variable: 'TWO', credentialsId: 'of-other', orgId: 'OTHER') { }
                }
                """.replace("OTHER", other.id()));
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.startsWith("Qwiet:")))
                .filteredOn(line -> line.contains("SHIFTLEFT_ORG_ID"))
                .hasSize(1);
    }

    /** It would be used as a token, or a token as an ID. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'one', variable: 'QA') {\n"
                        + "withQwietCiToken(label: 'two', variable: 'QB', orgVariable: 'qa') { LOOK } }",
                "withQwietCiToken(label: 'one', variable: 'QB', orgVariable: 'QA') {\n"
                        + "withQwietCiToken(label: 'two', variable: 'QA') { LOOK } }",
                "qwietCiToken(label: 'one', variable: 'QA')\n"
                        + "qwietCiToken(label: 'two', variable: 'QB', orgVariable: 'QA')\nLOOK",
                "qwietCiToken(label: 'one', variable: 'QA')\n"
                        + "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'two', variable: 'QB', orgVariable: 'QA')]) { LOOK }"
            })
    void anOrganizationDoesNotTakeTheVariableOfATokenInSilence(String script) throws Exception {
        WorkflowRun run = build(Result.SUCCESS, "node { " + script.replace("LOOK", "sh 'true'") + " }");
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.startsWith("Qwiet:")))
                .filteredOn(line -> line.contains("organization ID of CI token"))
                .singleElement()
                .asString()
                .containsIgnoringCase(" QA ")
                .contains("\"one\"", "\"two\"");
    }

    /** In another branch, each is on its own. */
    @Test
    void branchesDoNotShareVariables() throws Exception {
        Paused build = paused("""
                parallel one: { withQwietCiToken(label: 'one', variable: 'QA') {
                    env.FIRST = 'yes'
                    semaphore 'PAUSE'
                  } },
                  two: {
                    waitUntil(initialRecurrencePeriod: 100) { env.FIRST == 'yes' }
                    withQwietCiToken(label: 'two', variable: 'QB', orgVariable: 'QA') { }
                    echo 'two is through'
                  }
                """);
        jenkins.waitForMessage("two is through", build.run());
        jenkins.assertLogNotContains("organization ID of CI token", build.goOn(Result.SUCCESS));
    }
}
