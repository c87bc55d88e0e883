package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.kohsuke.stapler.DataBoundConstructor;

/** The rule that docs/usage.md has under "Which value a variable has", where blocks, branches and copies of tokens meet. */
class WhoseWordTest extends OnJenkins {
    private static final String WARNING = "itself instead of CI token";
    private static final String LOOK =
            "sh 'set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen'\narchiveArtifacts 'seen'\n";
    private static final String WAIT = "waitUntil(initialRecurrencePeriod: 100) { env.MINTED == 'yes' }\n";
    private static final String OPEN = "waitUntil(initialRecurrencePeriod: 100) { env.OPEN == 'yes' }\n";

    private static String seen(WorkflowRun run) throws Exception {
        return archived(run, "seen");
    }

    private static WorkflowRun go(String script) throws Exception {
        return build(
                Result.SUCCESS,
                script.replace("LOOK", LOOK).replace("WAIT", WAIT).replace("ISOPEN", OPEN));
    }

    private String good(String label) {
        return valueOf(label) + " of " + qwiet.organization().id();
    }

    /** Bound inside a block; the step stands in one more block. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "node { withQwietCiToken(label: 'block') { qwietCiToken(label: 'new')\ndir('x') { LOOK } } }",
                "node { withQwietCiToken(label: 'block') { qwietCiToken(label: 'new')\nstage('x') { LOOK } } }",
                "node { withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'block')]) { qwietCiToken(label: 'new')\n"
                        + "stage('x') { LOOK } } }",
                "withQwietCiToken(label: 'block') { qwietCiToken(label: 'new')\nnode { LOOK } }",
                "withQwietCiToken(label: 'block') { qwietCiToken(label: 'new')\nparallel a: { node { LOOK } }, b: { echo 'b' } }"
            })
    void theTokenIsSeenInABlockThatIsBegunLater(String script) throws Exception {
        WorkflowRun run = go(script);
        assertThat(seen(run)).isEqualTo(good("new"));
        jenkins.assertLogNotContains(WARNING, run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "options { withQwietCiToken(label: 'block') }",
                "environment { SHIFTLEFT_ACCESS_TOKEN = credentials('sa') }"
            })
    void theTokenIsSeenInTheStagesOfADeclarativePipeline(String around) throws Exception {
        WorkflowRun run = go("""
                pipeline { agent any
                  AROUND
                  stages {
                    stage('mint') { steps { qwietCiToken(label: 'new') } }
                    stage('scan') { steps { LOOK } } } }
                """.replace("AROUND", around));
        assertThat(seen(run)).isEqualTo(good("new"));
        jenkins.assertLogNotContains(WARNING, run);
    }

    /** A copy of the first token around the second one, of which the first is revoked. */
    @Test
    void aCopyOfAnOlderTokenGivesWay() throws Exception {
        WorkflowRun run = go("""
                node { qwietCiToken(label: 'first')
                  withEnv(["SHIFTLEFT_ACCESS_TOKEN=${env.SHIFTLEFT_ACCESS_TOKEN}"]) {
                    qwietCiToken(label: 'second')
                    dir('x') { LOOK } } }
                """);
        assertThat(seen(run)).isEqualTo(good("second"));
        jenkins.assertLogNotContains(WARNING, run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", variable: 'SHIFTLEFT_ACCESS_TOKEN', orgVariable: 'SHIFTLEFT_ORG_ID'"})
    void aBindingKeepsItsOrganizationThoughAnotherBranchMints(String arguments) throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "another", other.serviceAccount());
        WorkflowRun run = go("""
                parallel a: { node { withCredentials([qwietAccessToken(credentialsId: 'another', orgId: 'OTHER', label: 'block'ARGS)]) {
                    env.OPEN = 'yes'
                    WAIT
                    LOOK } } },
                  b: { ISOPEN
                    qwietCiToken(label: 'rest')
                    env.MINTED = 'yes' }
                """.replace("OTHER", other.id()).replace("ARGS", arguments));
        assertThat(seen(run)).isEqualTo(valueOf("block") + " of " + other.id());
    }

    /** Of another organization: nobody but the plugin set the variable. */
    @Test
    void aLaterBindingIsNotTheUsersWord() throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "another", other.serviceAccount());
        WorkflowRun run = go("""
                node { qwietCiToken(label: 'rest')
                  withCredentials([qwietAccessToken(credentialsId: 'another', orgId: 'OTHER', label: 'block')]) { LOOK } }
                """.replace("OTHER", other.id()));
        assertThat(seen(run)).isEqualTo(valueOf("block") + " of " + other.id());
        jenkins.assertLogNotContains(WARNING, run);
    }

    @Test
    void theTokenStandsOverWhatTheScriptSetInTheBlockBefore() throws Exception {
        WorkflowRun run = go("""
                node { withQwietCiToken(label: 'block') {
                  env.SHIFTLEFT_ACCESS_TOKEN = 'the old one'
                  qwietCiToken(label: 'new')
                  LOOK } }
                """);
        assertThat(seen(run)).isEqualTo(good("new"));
    }

    @Test
    void aLaterBlockOfAnotherPluginWinsThoughAnEarlierOneSetTheSame() throws Exception {
        WorkflowRun run = go("""
                node { wrap([$class: 'Vault']) { qwietCiToken(label: 'new') }
                  wrap([$class: 'Vault']) { LOOK } }
                """);
        assertThat(seen(run)).startsWith("of the vault of");
        jenkins.assertLogContains("a block of the Pipeline sets SHIFTLEFT_ACCESS_TOKEN " + WARNING, run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'LABEL')",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'LABEL')])"
            })
    void aBlockDoesNotGetTheTokenThatAnotherBranchCopied(String block) throws Exception {
        WorkflowRun run =
                go("""
                parallel a: { node { ABLOCK { env.OPEN = 'yes'
                    WAIT
                    LOOK } } },
                  b: { ISOPEN
                    BBLOCK { env.SHIFTLEFT_ACCESS_TOKEN = env.SHIFTLEFT_ACCESS_TOKEN }
                    env.MINTED = 'yes' }
                """.replace("ABLOCK", block.replace("LABEL", "a")).replace("BBLOCK", block.replace("LABEL", "b")));
        assertThat(seen(run)).isEqualTo(good("a"));
    }

    @Test
    void theOrganizationOfASupersededTokenDoesNotFallBack() throws Exception {
        WorkflowRun run = go("""
                withEnv(['SHIFTLEFT_ORG_ID=the old org']) {
                parallel a: { WAIT },
                  b: { node { qwietCiToken(label: 'first')
                    qwietCiToken(label: 'second', orgVariable: 'ORG2')
                    LOOK
                    env.MINTED = 'yes' } } }
                """);
        assertThat(seen(run)).doesNotContain("the old org");
    }

    @Test
    void aBlocksTokenThatSomebodyRevokedIsNotTheUsersWord() throws Exception {
        Paused build =
                paused("node { qwietCiToken(label: 'rest')\nwithQwietCiToken(label: 'block') { semaphore 'PAUSE'\n"
                        + LOOK + "} }");
        var record = BuildTokens.of(build.run()).orElseThrow().getTokens().get(1);
        TokenRevoker.recall(List.of(JenkinsLeases.get()
                        .leasing()
                        .store()
                        .find(record.nonce())
                        .orElseThrow()))
                .get();
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(seen(run)).isEqualTo(good("rest"));
        jenkins.assertLogNotContains(WARNING, run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node { withQwietCiToken(label: 'new') { withQwietCiToken(label: 'b') { env.SHIFTLEFT_ACCESS_TOKEN = env.SHIFTLEFT_ACCESS_TOKEN }\nLOOK } }",
                "node { qwietCiToken(label: 'new')\nwithQwietCiToken(label: 'b') { env.SHIFTLEFT_ACCESS_TOKEN = env.SHIFTLEFT_ACCESS_TOKEN }\nLOOK }"
            })
    void aDeadCopyIsNotTheUsersWord(String script) throws Exception {
        WorkflowRun run = go(script);
        assertThat(seen(run)).isEqualTo(good("new"));
    }

    @Test
    void aWordInABindingHasALine() throws Exception {
        WorkflowRun run = go(
                "node { withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'block')]) { withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one']) { LOOK } } }");
        assertThat(seen(run)).startsWith("the old one");
        jenkins.assertLogContains(WARNING, run);
    }

    /** What branch b asks for changes nothing in a, where one was asked for around it. */
    @Test
    void aCopyStandsForItsTokenWhileAnotherBranchHasItsOwn() throws Exception {
        WorkflowRun run = go("""
                qwietCiToken(label: 'first')
                parallel a: { node { withEnv(["SHIFTLEFT_ACCESS_TOKEN=${env.SHIFTLEFT_ACCESS_TOKEN}"]) { env.OPEN = 'yes'
                    WAIT
                    dir('x') { LOOK } } } },
                  b: { ISOPEN
                    qwietCiToken(label: 'second')
                    env.MINTED = 'yes' }
                """);
        assertThat(seen(run)).isEqualTo(good("first"));
        jenkins.assertLogNotContains(WARNING, run);
    }

    /** Whoever asks for the environment of the build comes before what the user sets. */
    @Test
    void nothingIsSaidToBeNotSetThatTheScriptHasSetSince() throws Exception {
        WorkflowRun run = go("""
                withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one']) { node {
                  qwietCiToken(label: 'new', orgVariable: 'ORG')
                  qwietTokenAudit()
                  env.SHIFTLEFT_ACCESS_TOKEN = 'mine'
                  LOOK } }
                """);
        assertThat(seen(run)).startsWith("mine of");
        jenkins.assertLogNotContains("SHIFTLEFT_ACCESS_TOKEN is not set any more", run);
    }

    /** Nobody sets it for a process when somebody only asks the build what stands there. */
    @ParameterizedTest
    @ValueSource(
            strings = {"env.SHIFTLEFT_ACCESS_TOKEN = 'mine'\nLOOK", "withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) { LOOK }"
            })
    void doesNotSayThatItIsNotSetThoughTheUserSetIt(String word) throws Exception {
        WorkflowJob job =
                job(("node { qwietCiToken(label: 'new')\nqwietTokenAudit()\n" + word + "}").replace("LOOK", LOOK));
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", "the old one")));
        WorkflowRun run = job.scheduleBuild2(0).get();
        assertThat(seen(run)).startsWith("mine");
        jenkins.assertLogNotContains("SHIFTLEFT_ACCESS_TOKEN is not set any more", run);
    }

    @Test
    void aCopyOfATokenThatIsGoneIsNotSetAndTheLogSaysSo() throws Exception {
        WorkflowRun run = go("""
                node { qwietCiToken(label: 'new')
                  withEnv(["SHIFTLEFT_ACCESS_TOKEN=${env.SHIFTLEFT_ACCESS_TOKEN}"]) {
                    qwietTokenAudit()
                    LOOK } }
                """);
        assertThat(seen(run)).startsWith(" of ");
        jenkins.assertLogContains("is no longer valid, so SHIFTLEFT_ACCESS_TOKEN", run);
    }

    /** Pipeline itself decides what Groovy shows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "env.SHIFTLEFT_ACCESS_TOKEN = 'the old one'\nqwietCiToken(label: 'new')",
                "withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one']) { qwietCiToken(label: 'new') }"
            })
    void saysThatGroovyShowsWhatWasSetBefore(String script) throws Exception {
        WorkflowRun run = go("node { " + script + "\nLOOK }");
        assertThat(seen(run)).isEqualTo(good("new"));
        jenkins.assertLogContains("env.SHIFTLEFT_ACCESS_TOKEN in Groovy still shows the earlier value", run);
    }

    @Test
    void groovyShowsInABlockWhatWasBoundInside() throws Exception {
        WorkflowRun run = go(
                "node { withQwietCiToken(label: 'block') { qwietCiToken(label: 'new')\n"
                        + "def shown = env.SHIFTLEFT_ACCESS_TOKEN\n"
                        + "withEnv([\"A_COPY=$shown\"]) { sh 'set +x; printf %s \"$A_COPY\" > seen' }\narchiveArtifacts 'seen' } }");
        assertThat(seen(run)).isEqualTo(valueOf("new"));
    }

    /** The word of one branch is none in the block of another. */
    @Test
    void whatTheScriptSetsInOneBranchIsNoWordInTheBlockOfAnother() throws Exception {
        WorkflowRun run = go("""
                parallel a: { node { withQwietCiToken(label: 'a') { env.OPEN = 'yes'
                    WAIT
                    LOOK } } },
                  b: { ISOPEN
                    withQwietCiToken(label: 'b') { env.SHIFTLEFT_ACCESS_TOKEN = 'mine' }
                    env.MINTED = 'yes' }
                """);
        assertThat(seen(run)).isEqualTo(good("a"));
        jenkins.assertLogNotContains(WARNING, run);
    }

    /** And the other way round: what another branch mints does not take a block's word. */
    @Test
    void whatTheScriptSetInItsBlockIsHeardThoughAnotherBranchMints() throws Exception {
        WorkflowRun run = go("""
                parallel a: { node { withQwietCiToken(label: 'a') {
                    env.SHIFTLEFT_ACCESS_TOKEN = 'mine'
                    env.OPEN = 'yes'
                    WAIT
                    LOOK } } },
                  b: { ISOPEN
                    qwietCiToken(label: 'rest')
                    env.MINTED = 'yes' }
                """);
        assertThat(seen(run)).startsWith("mine of");
        jenkins.assertLogContains(
                "the script of the Pipeline (env.SHIFTLEFT_ACCESS_TOKEN =) sets SHIFTLEFT_ACCESS_TOKEN " + WARNING
                        + " \"a\"",
                run);
    }

    @Test
    void aWordInTheStageOfACredentialHasALine() throws Exception {
        WorkflowRun run = go("""
                pipeline { agent any
                  environment { SHIFTLEFT_ACCESS_TOKEN = credentials('sa') }
                  stages { stage('scan') {
                    environment { SHIFTLEFT_ACCESS_TOKEN = 'the old one' }
                    steps { LOOK } } } }
                """);
        assertThat(seen(run)).startsWith("the old one of");
        jenkins.assertLogContains("a block of the Pipeline (withEnv) sets SHIFTLEFT_ACCESS_TOKEN " + WARNING, run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "variable: 'shiftleft_access_token', "})
    void refusesTwoTokensInOneVariableOfOneBinding(String variable) throws Exception {
        WorkflowRun run = build(
                Result.FAILURE,
                "node { withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'first'), qwietAccessToken("
                        + variable + "credentialsId: 'sa', label: 'second')]) { echo 'inside' } }");
        assertThat(JenkinsRule.getLog(run)).containsIgnoringCase("use the same variable, SHIFTLEFT_ACCESS_TOKEN");
        jenkins.assertLogNotContains("inside", run);
        assertThat(qwiet.organization().minted()).isZero();
    }

    /** Sets the variable as any plugin may, without a word about it in the Pipeline. */
    public static class Vault extends AnotherPlugin {
        @DataBoundConstructor
        public Vault() {
            super("of the vault");
        }

        /** The form. */
        @TestExtension
        public static class DescriptorImpl extends Form {}
    }
}
