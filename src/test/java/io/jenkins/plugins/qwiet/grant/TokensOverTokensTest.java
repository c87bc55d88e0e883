package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.EnvironmentContributingAction;
import hudson.model.FreeStyleProject;
import hudson.model.InvisibleAction;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;

/** In no case is a minted token silently not used, and no sentence blames the user for what the plugin did. */
class TokensOverTokensTest extends OnJenkins {
    private static final String WARNING = "itself after CI token";
    private static final String LOOK =
            "sh 'set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen'\narchiveArtifacts 'seen'\n";
    private static final String WAIT = "waitUntil(initialRecurrencePeriod: 100) { env.MINTED == 'yes' }\n";
    private static final String OPEN = "waitUntil(initialRecurrencePeriod: 100) { env.OPEN == 'yes' }\n";

    private static String seen(WorkflowRun run) throws Exception {
        try (var in = run.getArtifactManager().root().child("seen").open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static WorkflowRun go(String script) throws Exception {
        return build(
                Result.SUCCESS,
                script.replace("LOOK", LOOK).replace("WAIT", WAIT).replace("ISOPEN", OPEN));
    }

    /** Which token it is. */
    private String name(String seen) {
        for (String label : List.of("block", "rest", "new", "first", "second", "a", "b")) {
            try {
                seen = seen.replace(valueOf(label), "token " + label);
            } catch (java.util.NoSuchElementException e) {
                // None of that name.
            }
        }
        return seen;
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
        assertThat(name(seen(run))).isEqualTo(name(good("new")));
        jenkins.assertLogNotContains(WARNING, run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "options { withQwietCiToken(label: 'block') }",
                "environment { SHIFTLEFT_ACCESS_TOKEN = credentials('sa') }"
            })
    void theTokenIsSeenInALaterStageOfDeclarative(String around) throws Exception {
        WorkflowRun run = go("""
                pipeline { agent any
                  AROUND
                  stages {
                    stage('mint') { steps { qwietCiToken(label: 'new') } }
                    stage('scan') { steps { LOOK } } } }
                """.replace("AROUND", around));
        assertThat(name(seen(run))).isEqualTo(name(good("new")));
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
        assertThat(name(seen(run))).isEqualTo(name(good("second")));
        jenkins.assertLogNotContains(WARNING, run);
    }

    /** The organization of a binding, while another branch mints. */
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
        assertThat(name(seen(run))).isEqualTo("token block of " + other.id());
    }

    /** Begun later, of another organization: nobody but the plugin set the variable. */
    @Test
    void aLaterBindingIsNotTheUsersWord() throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "another", other.serviceAccount());
        WorkflowRun run = go("""
                node { qwietCiToken(label: 'rest')
                  withCredentials([qwietAccessToken(credentialsId: 'another', orgId: 'OTHER', label: 'block')]) { LOOK } }
                """.replace("OTHER", other.id()));
        assertThat(name(seen(run))).isEqualTo("token block of " + other.id());
        jenkins.assertLogNotContains(WARNING, run);
    }

    /** What the script set in the block, before. */
    @Test
    void theTokenStandsOverWhatTheScriptSetInTheBlockBefore() throws Exception {
        WorkflowRun run = go("""
                node { withQwietCiToken(label: 'block') {
                  env.SHIFTLEFT_ACCESS_TOKEN = 'the old one'
                  qwietCiToken(label: 'new')
                  LOOK } }
                """);
        assertThat(name(seen(run))).isEqualTo(name(good("new")));
    }

    /** The script of one branch copies its block's token. */
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
        assertThat(name(seen(run))).isEqualTo(name(good("a")));
    }

    /** The organization's variable of a token whose token variable another took. */
    @Test
    void theOrganizationsVariableOfASupersededToken() throws Exception {
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

    /** An administrator revokes a block's token; the living one of the rest of the build is there. */
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
        jenkins.assertLogNotContains(WARNING, run);
    }

    /** Freestyle, what another step set before the second token. */
    @Test
    void freestyleTheSecondTokenStandsOverWhatWasSetBefore() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("first"));
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener) {
                build.addAction(new Injected());
                return true;
            }
        });
        job.getBuildersList().add(new QwietTokenBuilder("second"));
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        var build = job.scheduleBuild2(0).get();
        String seen = build.getWorkspace().child("seen").readToString();
        assertThat(name(seen)).isEqualTo(name(good("second")));
    }

    /** Freestyle, two tokens, one variable for the organization; then both are gone. */
    @Test
    void freestyleTheOrganizationDoesNotComeBack() throws Exception {
        var global = new hudson.slaves.EnvironmentVariablesNodeProperty(
                new hudson.slaves.EnvironmentVariablesNodeProperty.Entry("SHIFTLEFT_ORG_ID", "the old org"));
        jenkins.jenkins.getGlobalNodeProperties().add(global);
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("first"));
        var second = new QwietTokenBuilder("second");
        second.setVariable("SECOND");
        job.getBuildersList().add(second);
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                    throws java.io.IOException {
                try {
                    TokenRevoker.recall(JenkinsLeases.get().leasing().store().leases())
                            .get();
                } catch (Exception e) {
                    throw new java.io.IOException(e);
                }
                return true;
            }
        });
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        var build = job.scheduleBuild2(0).get();
        jenkins.jenkins.getGlobalNodeProperties().remove(global);
        String seen = build.getWorkspace().child("seen").readToString();
        assertThat(seen).doesNotContain("the old org");
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

    private static final String ABORTED = """
            for (int i = 0; i < 40; i++) {
              try { timeout(time: 1 + (i * 7) % 120, unit: 'MILLISECONDS') { STEP } }
              catch (org.jenkinsci.plugins.workflow.steps.FlowInterruptedException e) { }
            }
            semaphore 'PAUSE'
            """;

    @Test
    void aStepThatIsAbortedLeavesNoTokenForTheRestOfTheBuild() throws Exception {
        Paused build = paused(ABORTED.replace("STEP", "qwietCiToken(label: \"l$i\")\necho \"bound l$i\""));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            String log = JenkinsRule.getLog(build.run());
            assertThat(BuildTokens.of(build.run()).stream().flatMap(tokens -> tokens.getTokens().stream()))
                    .filteredOn(TokenRecord::isSeen)
                    .allMatch(token -> log.contains("bound " + token.label()));
        });
        build.goOn(Result.SUCCESS);
    }

    /** As EnvInject does. */
    public static class Injected extends InvisibleAction implements EnvironmentContributingAction {
        @Override
        public void buildEnvVars(AbstractBuild<?, ?> build, EnvVars env) {
            env.put("SHIFTLEFT_ACCESS_TOKEN", "injected");
        }
    }
}
