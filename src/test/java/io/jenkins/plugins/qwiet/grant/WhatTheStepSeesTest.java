package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.slaves.DumbSlave;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.charset.StandardCharsets;
import org.apache.commons.io.IOUtils;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** After a token is bound, its variables are the token, whatever held them before; what is written later is the user's word. */
class WhatTheStepSeesTest extends OnJenkins {
    private static final String LOOK = "set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > ";
    private static final String WARNING = "sets SHIFTLEFT_ACCESS_TOKEN itself instead of CI token";

    private static String seen(WorkflowRun run, String file) throws Exception {
        try (var in = run.getArtifactManager().root().child(file).open()) {
            return IOUtils.toString(in, StandardCharsets.UTF_8);
        }
    }

    private static String look(String file) {
        return "sh '" + LOOK + file + "'\narchiveArtifacts '" + file + "'\n";
    }

    private String good(String label) {
        return valueOf(label) + " of " + qwiet.organization().id();
    }

    @Test
    void standsOverTheEnvironmentOfADeclarativePipelineAndItsStages() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent any
                  environment { SHIFTLEFT_ACCESS_TOKEN = 'the old one'; SHIFTLEFT_ORG_ID = 'the old org' }
                  stages {
                    stage('mint') {
                      environment { SHIFTLEFT_ACCESS_TOKEN = 'an older one' }
                      steps {
                        qwietCiToken(label: 'new')
                        ONE
                      }
                    }
                    stage('later') { steps { TWO } }
                    stage('branches') {
                      parallel {
                        stage('a') { steps { THREE } }
                        stage('b') { steps { echo 'b' } }
                      }
                    }
                  }
                  post { always { FOUR } }
                }
                """.replace("ONE", look("one"))
                .replace("TWO", look("two"))
                .replace("THREE", look("three"))
                .replace("FOUR", look("four")));

        for (String file : new String[] {"one", "two", "three", "four"}) {
            assertThat(seen(run, file)).as(file).isEqualTo(good("new"));
        }
        jenkins.assertLogNotContains(WARNING, run);
    }

    @Test
    void standsOverParametersAndGlobalAndNodeVariablesAndWhatTheScriptSetBefore() throws Exception {
        var old = new EnvironmentVariablesNodeProperty.Entry("SHIFTLEFT_ACCESS_TOKEN", "global");
        jenkins.jenkins.getGlobalNodeProperties().add(new EnvironmentVariablesNodeProperty(old));
        DumbSlave agent = jenkins.createOnlineSlave();
        agent.getNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(
                        new EnvironmentVariablesNodeProperty.Entry("SHIFTLEFT_ACCESS_TOKEN", "of the node")));
        WorkflowJob job = job("""
                env.SHIFTLEFT_ACCESS_TOKEN = 'set before'
                node('AGENT') {
                  withEnv(['SHIFTLEFT_ACCESS_TOKEN=around', 'shiftleft_org_id=around']) {
                    qwietCiToken(label: 'new')
                    ONE
                  }
                  TWO
                }
                """.replace("AGENT", agent.getNodeName())
                .replace("ONE", look("one"))
                .replace("TWO", look("two")));
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", ""),
                new StringParameterDefinition("SHIFTLEFT_ORG_ID", "")));

        WorkflowRun run = jenkins.assertBuildStatusSuccess(job.scheduleBuild2(
                0,
                new ParametersAction(
                        new StringParameterValue("SHIFTLEFT_ACCESS_TOKEN", "parameter"),
                        new StringParameterValue("SHIFTLEFT_ORG_ID", "parameter"))));

        assertThat(seen(run, "one")).isEqualTo(good("new"));
        assertThat(seen(run, "two")).isEqualTo(good("new"));
    }

    @Test
    void groovySeesTheTokenOverParameters() throws Exception {
        WorkflowJob job = job("qwietCiToken(label: 'new')\necho \"groovy: ${env.SHIFTLEFT_ACCESS_TOKEN}\"");
        job.addProperty(
                new ParametersDefinitionProperty(new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", "parameter")));

        jenkins.assertLogContains("groovy: ****", jenkins.assertBuildStatusSuccess(job.scheduleBuild2(0)));
    }

    @Test
    void theUsersLaterWordWinsAndTheLogSaysSoOnce() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                """
                node {
                  qwietCiToken(label: 'new')
                  withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) {
                    ONE
                    TWO
                  }
                  env.shiftleft_access_token = 'mine too'
                  THREE
                }
                """.replace("ONE", look("one")).replace("TWO", look("two")).replace("THREE", look("three")));

        assertThat(seen(run, "one")).startsWith("mine of");
        assertThat(seen(run, "two")).startsWith("mine of");
        assertThat(seen(run, "three")).startsWith("mine too of");
        assertThat(JenkinsRule.getLog(run).split(WARNING, -1)).hasSize(2);
    }

    @Test
    void theUsersWordInABlockWinsAndTheLogSaysSo() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  withEnv(['SHIFTLEFT_ACCESS_TOKEN=around']) {
                    withQwietCiToken(label: 'block') {
                      ONE
                      withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) { TWO }
                    }
                  }
                }
                """.replace("ONE", look("one")).replace("TWO", look("two")));

        assertThat(seen(run, "one")).isEqualTo(good("block"));
        assertThat(seen(run, "two")).startsWith("mine of");
        jenkins.assertLogContains(WARNING + " \"block\"", run);
    }

    @Test
    void eachOfTwoTokensIsSeenWhereItWasBoundLast() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  withQwietCiToken(label: 'outer') {
                    qwietCiToken(label: 'rest')
                    ONE
                    withQwietCiToken(label: 'inner') { TWO }
                    THREE
                  }
                  FOUR
                }
                """.replace("ONE", look("one"))
                .replace("TWO", look("two"))
                .replace("THREE", look("three"))
                .replace("FOUR", look("four")));

        assertThat(seen(run, "one")).isEqualTo(good("rest"));
        assertThat(seen(run, "two")).isEqualTo(good("inner"));
        assertThat(seen(run, "three")).isEqualTo(good("rest"));
        assertThat(seen(run, "four")).isEqualTo(good("rest"));
        jenkins.assertLogNotContains(WARNING, run);
    }

    @Test
    void whoeverLooksAtWhatIsSetAroundAStepIsNotTheUser() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "node {\n  qwietCiToken(label: 'one')\n  echo \"it is ${env.SHIFTLEFT_ACCESS_TOKEN}\"\n  " + look("one")
                        + "}");

        assertThat(seen(run, "one")).isEqualTo(good("one"));
        jenkins.assertLogContains("it is ****", run);
        jenkins.assertLogNotContains(WARNING, run);
    }

    @Test
    void isThereUnderItsOwnNameThoughItStandsAroundInAnotherCase() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "node { withEnv(['shiftleft_access_token=around', 'shiftleft_org_id=around']) {"
                        + " withQwietCiToken(label: 'block') {\n" + look("one") + "} } }");
        assertThat(seen(run, "one")).isEqualTo(good("block"));

        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("shiftleft_access_token", "the old one")));
        job.getBuildersList().add(new QwietTokenBuilder("new"));
        job.getBuildersList().add(new Shell(LOOK + "one"));
        var build = jenkins.buildAndAssertSuccess(job);
        assertThat(build.getWorkspace().child("one").readToString()).isEqualTo(good("new"));
    }

    @Test
    void leavesABranchWhatItHasOpenItself() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                parallel a: {
                  semaphore 'BEFORE'
                  qwietCiToken(label: 'new')
                  semaphore 'AFTER'
                }, b: {
                  withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one', 'SHIFTLEFT_ORG_ID=the old org']) {
                    semaphore 'OPEN'
                    node { ONE }
                  }
                }
                """.replace("semaphore 'BEFORE'", "sleep 1")
                .replace("semaphore 'AFTER'", "env.MINTED = 'yes'")
                .replace("semaphore 'OPEN'", "waitUntil(initialRecurrencePeriod: 100) { env.MINTED == 'yes' }")
                .replace("ONE", look("one")));
        assertThat(seen(run, "one")).isEqualTo("the old one of the old org");
        jenkins.assertLogContains(WARNING, run);
    }

    @Test
    void whatItHeldBeforeIsNotUsedWhenTheTokenIsGone() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "node { withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one']) {\n qwietCiToken(label: 'new')\n"
                        + " qwietTokenAudit()\n" + look("one") + look("two") + "} }");
        assertThat(seen(run, "one")).startsWith(" of ");
        jenkins.assertLogContains("is no longer valid, so SHIFTLEFT_ACCESS_TOKEN is not set any more", run);
        assertThat(JenkinsRule.getLog(run).split("is no longer valid, so", -1)).hasSize(2);
    }

    @Test
    void standsOverTheParametersOfAFreestyleBuild() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", "the old one"),
                new StringParameterDefinition("SHIFTLEFT_ORG_ID", "the old org")));
        job.getBuildersList().add(new QwietTokenBuilder("new"));
        job.getBuildersList().add(new Shell(LOOK + "one"));

        var build = jenkins.buildAndAssertSuccess(job);

        assertThat(build.getWorkspace().child("one").readToString()).isEqualTo(good("new"));
        jenkins.assertLogNotContains(WARNING, build);
    }

    @Test
    void refusesTwoVariablesThatDifferByCaseOnly() throws Exception {
        jenkins.assertLogContains(
                "cannot hold both", build(Result.FAILURE, "qwietCiToken(variable: 'ONE', orgVariable: 'one')"));
        jenkins.assertLogContains(
                "cannot hold both", build(Result.FAILURE, "withQwietCiToken(variable: 'ONE', orgVariable: 'one') {}"));
    }

    @Test
    void aVariableIsTheSameWhateverItsCase() throws Exception {
        Paused build = paused("""
                qwietCiToken(label: 'older', variable: 'token')
                qwietCiToken(label: 'newer', variable: 'TOKEN')
                semaphore 'PAUSE'
                """);

        org.awaitility.Awaitility.await()
                .until(() -> qwiet.organization().liveTokens().size() == 1);
        build.goOn(Result.SUCCESS);
    }
}
