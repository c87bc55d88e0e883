package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.time.Instant;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.kohsuke.stapler.DataBoundConstructor;

/** What was there before a token gives way to it; only what is set later, or for another branch, wins. */
class LaterWordTest extends OnJenkins {
    private static final String WARNING = "sets SHIFTLEFT_ACCESS_TOKEN itself instead of CI token";
    private static final String LOOK =
            "sh 'set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen'\narchiveArtifacts 'seen'\n";
    private static final String AFTER_THE_MINT = "waitUntil(initialRecurrencePeriod: 100) { env.MINTED == 'yes' }\n";

    @AfterEach
    void asItWas() {
        JenkinsLeases.get().setTime(null);
    }

    private static String seen(WorkflowRun run) throws Exception {
        return archived(run, "seen");
    }

    private String good(String label) {
        return valueOf(label) + " of " + qwiet.organization().id();
    }

    private void seesTheToken(String script) throws Exception {
        WorkflowRun run = build(Result.SUCCESS, script.replace("LOOK", LOOK).replace("AFTER_THE_MINT", AFTER_THE_MINT));
        assertThat(seen(run)).isEqualTo(good("new"));
        jenkins.assertLogNotContains(WARNING, run);
    }

    private WorkflowRun seesTheUsersWord(String script, String word) throws Exception {
        WorkflowRun run = build(Result.SUCCESS, script.replace("LOOK", LOOK));
        assertThat(seen(run)).startsWith(word + " of ");
        assertThat(JenkinsRule.getLog(run).split(WARNING, -1)).hasSize(2);
        return run;
    }

    private static void addText(String id) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, id, "", Secret.fromString("pasted-long-lived")));
        SystemCredentialsProvider.getInstance().save();
    }

    @Test
    void credentialsAroundTheBlockOfTheMintGiveWay() throws Exception {
        // The clocks of Jenkins and of whoever counts a token's life need not be the same.
        JenkinsLeases.get().setTime(new FakeClock(Instant.now().minusSeconds(60)));
        addText("around");
        seesTheToken("""
                pipeline {
                  agent any
                  environment { SHIFTLEFT_ACCESS_TOKEN = credentials('around') }
                  stages {
                    stage('mint') {
                      environment { SHIFTLEFT_ACCESS_TOKEN = 'of the stage' }
                      steps { qwietCiToken(label: 'new') }
                    }
                    stage('scan') { steps { LOOK } }
                  }
                }
                """);
    }

    /** Which of the branches was faster changes nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    withEnv(["SHIFTLEFT_ACCESS_TOKEN=of a list"]) | of a list
                    withCredentials([string(credentialsId: "of-branch", variable: "SHIFTLEFT_ACCESS_TOKEN")]) | pasted-long-lived
                    wrap([$class: "Other"]) | of another plugin
                    """)
    void whatIsOpenInAnotherBranchIsTheWordOfThatOne(String block, String word) throws Exception {
        JenkinsLeases.get().setTime(new FakeClock(Instant.now().minusSeconds(60)));
        addText("of-branch");
        seesTheUsersWord("""
                parallel a: {
                  waitUntil(initialRecurrencePeriod: 100) { env.OPEN == 'yes' }
                  qwietCiToken(label: 'new')
                  env.MINTED = 'yes'
                }, b: {
                  node {
                    BLOCK {
                      env.OPEN = 'yes'
                      AFTER_THE_MINT
                      dir('later') { LOOK }
                    }
                  }
                }
                """.replace("BLOCK", block).replace("AFTER_THE_MINT", AFTER_THE_MINT), word);
    }

    @Test
    void whatTheScriptSetBeforeIsNotTakenForALaterWord() throws Exception {
        DumbSlave agent = withVariable();
        seesTheToken("env.SHIFTLEFT_ACCESS_TOKEN = 'set before'\nenv.SHIFTLEFT_ORG_ID = 'set before'\n"
                + "withEnv(['SHIFTLEFT_ACCESS_TOKEN=around']) { qwietCiToken(label: 'new') }\n"
                + "node('" + agent.getNodeName() + "') { LOOK }");
    }

    @Test
    void whoNamesTheVariableDoesNotSetIt() throws Exception {
        DumbSlave agent = withVariable();
        seesTheToken("qwietCiToken(label: 'new')\nstage('SHIFTLEFT_ACCESS_TOKEN') {\n"
                + "withEnv(['WHICH=SHIFTLEFT_ACCESS_TOKEN', 'IT=$SHIFTLEFT_ACCESS_TOKEN']) {\n"
                + "node('" + agent.getNodeName() + "') { LOOK } } }");
    }

    private static DumbSlave withVariable() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        agent.getNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(
                        new EnvironmentVariablesNodeProperty.Entry("SHIFTLEFT_ACCESS_TOKEN", "of the node")));
        return agent;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node { withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) { qwietCiToken(label: 'new')\n"
                        + "withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) { LOOK } } }",
                "node { qwietCiToken(label: 'new')\nenv.SHIFTLEFT_ACCESS_TOKEN = 'mine'\nLOOK }",
                "node { withEnv(['SHIFTLEFT_ACCESS_TOKEN=around']) { qwietCiToken(label: 'new')\n"
                        + "env.SHIFTLEFT_ACCESS_TOKEN = 'mine'\nLOOK } }",
                "node { withQwietCiToken(label: 'new') { env.SHIFTLEFT_ACCESS_TOKEN = 'mine'\nLOOK } }",
                "node { withQwietCiToken(label: 'new') { env.shiftleft_access_token = 'mine'\n"
                        + "echo env.SHIFTLEFT_ACCESS_TOKEN\nLOOK } }",
                "node { withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'new')]) {\n"
                        + "env.SHIFTLEFT_ACCESS_TOKEN = 'mine'\nLOOK } }",
                "node { withQwietCiToken(label: 'new') { withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) { LOOK } } }"
            })
    void whatIsSetLaterWinsWithOneLine(String script) throws Exception {
        seesTheUsersWord(script, "mine");
    }

    @Test
    void whatABlockOfAnotherPluginSetsLaterWins() throws Exception {
        seesTheUsersWord("node { qwietCiToken(label: 'new')\nwrap([$class: 'Other']) { LOOK } }", "of another plugin");
    }

    @Test
    void groovySeesTheUsersWordInABlockAsStepsDo() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "withQwietCiToken {\nenv.SHIFTLEFT_ACCESS_TOKEN = 'mine'\necho \"it is ${env.SHIFTLEFT_ACCESS_TOKEN}\" }");
        jenkins.assertLogContains("it is mine", run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env.SHIFTLEFT_ACCESS_TOKEN = 'before'\nnode { withQwietCiToken(label: 'new') { LOOK } }",
                "node { withQwietCiToken { env.SHIFTLEFT_ACCESS_TOKEN = env.SHIFTLEFT_ACCESS_TOKEN\n"
                        + "withQwietCiToken(label: 'new') { LOOK } } }",
                "node { qwietCiToken()\n"
                        + "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'new')]) { LOOK } }"
            })
    void aTokenThatIsBoundInsideIsTheOneThatIsSeen(String script) throws Exception {
        seesTheToken(script);
    }

    /** Sets the variable as any plugin may, without a word about it in the Pipeline. */
    public static class Other extends AnotherPlugin {
        @DataBoundConstructor
        public Other() {
            super("of another plugin");
        }

        /** The form. */
        @TestExtension
        public static class DescriptorImpl extends Form {}
    }
}
