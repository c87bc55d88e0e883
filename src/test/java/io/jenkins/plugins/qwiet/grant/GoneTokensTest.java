package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.slaves.DumbSlave;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** When the token of the rest of a build is gone, no older one takes its place, and the log says so. */
class GoneTokensTest extends OnJenkins {
    private static final String SHELL = "set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen";
    private static final String LOOK = "sh '" + SHELL + "'\narchiveArtifacts 'seen'\n";

    @AfterEach
    void asItWas() {
        qwiet.clearFaults();
    }

    private static String seen(WorkflowRun run) throws Exception {
        return archived(run, "seen");
    }

    private static void assertSaidOnce(Run<?, ?> run, String variable) throws Exception {
        assertThat(JenkinsRule.getLog(run).split("is no longer valid, so " + variable + " is not set", -1))
                .hasSize(2);
    }

    @Test
    void norDoesOneOfANodeThatComesLater() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        agent.getNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(
                        new EnvironmentVariablesNodeProperty.Entry("SHIFTLEFT_ACCESS_TOKEN", "of the node")));
        WorkflowRun run = build(
                Result.SUCCESS,
                "qwietCiToken(label: 'new')\nqwietTokenAudit()\nnode('" + agent.getNodeName() + "') {\n" + LOOK + LOOK
                        + "}");

        assertThat(seen(run)).isEqualTo(" of ");
        assertSaidOnce(run, "SHIFTLEFT_ACCESS_TOKEN");
    }

    @Test
    void norDoesWhatIsAroundForTheOrganization() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "node { withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one', 'shiftleft_org_id=the old org']) {\n"
                        + "qwietCiToken(label: 'new')\nqwietTokenAudit()\n" + LOOK + "} }");

        assertThat(seen(run)).isEqualTo(" of ");
        assertSaidOnce(run, "SHIFTLEFT_ACCESS_TOKEN");
        assertSaidOnce(run, "SHIFTLEFT_ORG_ID");
    }

    @Test
    void norDoesAParameterThatAnEnvironmentHidAtTheMint() throws Exception {
        WorkflowJob job = job("""
                node {
                  withEnv(['SHIFTLEFT_ACCESS_TOKEN=around']) { qwietCiToken(label: 'new') }
                  qwietTokenAudit()
                  echo "groovy: ${env.SHIFTLEFT_ACCESS_TOKEN}"
                  LOOK
                }
                """.replace("LOOK", LOOK));
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", "the old one")));

        WorkflowRun run = jenkins.assertBuildStatusSuccess(job.scheduleBuild2(0));

        assertThat(seen(run)).isEqualTo(" of ");
        jenkins.assertLogNotContains("groovy: the old one", run);
        assertSaidOnce(run, "SHIFTLEFT_ACCESS_TOKEN");
    }

    @Test
    void norIfQwietDoesNotRevokeIt() throws Exception {
        qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        WorkflowRun run = build(
                Result.SUCCESS,
                "node { withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one']) {\n"
                        + "qwietCiToken(label: 'new')\nqwietTokenAudit()\n" + LOOK + "} }");
        qwiet.clearFaults();

        assertThat(seen(run)).isEqualTo(" of ");
        assertSaidOnce(run, "SHIFTLEFT_ACCESS_TOKEN");
        untilTheJanitorHasEndedTheRest();
    }

    @Test
    void whatTheUserSetsLaterIsSeen() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "node { qwietCiToken(label: 'new')\nqwietTokenAudit()\n"
                        + "withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) {\n" + LOOK + "} }");

        assertThat(seen(run)).startsWith("mine of");
        jenkins.assertLogNotContains("is no longer valid, so", run);
    }

    @Test
    void anotherTokenThatIsBoundLaterIsSeen() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "node { withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one']) {\nqwietCiToken(label: 'first')\n"
                        + "qwietTokenAudit()\nqwietCiToken(label: 'second')\n" + LOOK + "} }");

        assertThat(seen(run))
                .isEqualTo(valueOf("second") + " of " + qwiet.organization().id());
    }

    @Test
    void norDoesAParameterOfAFreestyleBuild() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("SHIFTLEFT_ACCESS_TOKEN", "the old one"),
                new StringParameterDefinition("SHIFTLEFT_ORG_ID", "the old org")));
        job.getBuildersList().add(new QwietTokenBuilder("new"));
        job.getBuildersList()
                .add(new Shell("touch waiting; for i in $(seq 300); do [ -e go ] && exit; sleep 0.1; done"));
        job.getBuildersList().add(new Shell(SHELL));
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        await().until(() -> build.getWorkspace() != null
                && build.getWorkspace().child("waiting").exists());

        TokenRevoker.recall(JenkinsLeases.get().leasing().store().leases()).get();
        await().until(() -> BuildTokens.of(build).orElseThrow().seen().isEmpty());
        build.getWorkspace().child("go").write("", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));

        assertThat(build.getWorkspace().child("seen").readToString()).isEqualTo(" of ");
        assertSaidOnce(build, "SHIFTLEFT_ACCESS_TOKEN");
        assertSaidOnce(build, "SHIFTLEFT_ORG_ID");
    }

    /** As an administrator does. */
    static void recall(Run<?, ?> run, String label) throws Exception {
        TokenRecord token = BuildTokens.of(run).orElseThrow().getTokens().stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow();
        TokenRevoker.recall(List.of(JenkinsLeases.get()
                        .leasing()
                        .store()
                        .find(token.nonce())
                        .orElseThrow()))
                .get();
        await().until(() -> BuildTokens.of(run).orElseThrow().getTokens().stream()
                .noneMatch(each -> each.label().equals(label) && each.isCurrent()));
    }

    /** An administrator revokes it while its steps run. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'block')",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'block')])"
            })
    void norDoesTheRevokedTokenOfABlockStayThere(String block) throws Exception {
        Paused build = paused("node { withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one']) { " + block
                + " { semaphore 'PAUSE'\n" + LOOK + "echo 'the steps are over' } } }");
        recall(build.run(), "block");
        WorkflowRun run = build.goOn(Result.SUCCESS);

        assertThat(seen(run)).isEqualTo(" of ");
        assertThat(JenkinsRule.getLog(run).split("the steps are over")[0])
                .contains("CI token \"block\"", "is no longer valid, so SHIFTLEFT_ACCESS_TOKEN is not set");
        assertSaidOnce(run, "SHIFTLEFT_ACCESS_TOKEN");
    }

    @Test
    void norDoesThatOfAFreestyleBinding() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel("bound");
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));
        job.getBuildersList().add(new Shell("touch waiting; while [ ! -e go ]; do sleep 0.1; done"));
        job.getBuildersList().add(new Shell(SHELL + "; echo the steps are over"));
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        await().until(() -> build.getWorkspace() != null
                && build.getWorkspace().child("waiting").exists());
        recall(build, "bound");
        build.getWorkspace().child("go").write("", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));

        assertThat(build.getWorkspace().child("seen").readToString()).isEqualTo(" of ");
        assertSaidOnce(build, "SHIFTLEFT_ACCESS_TOKEN");
    }

    /** The line names the one that this branch had asked for, not the last one of all. */
    @Test
    void theLineNamesTheTokenOfTheBranch() throws Exception {
        Paused build = paused("""
                node { withEnv(['SHIFTLEFT_ACCESS_TOKEN=the old one']) { parallel one: {
                  qwietCiToken(label: 'of one'); env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                  semaphore 'PAUSE'
                  LOOK
                  env.DONE = 'yes'
                }, two: { waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }; qwietCiToken(label: 'of two'); env.SECOND = 'yes'; waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.DONE == 'yes' } } } }
                """.replace("LOOK", LOOK));
        recall(build.run(), "of one");
        recall(build.run(), "of two");
        WorkflowRun run = build.goOn(Result.SUCCESS);

        assertThat(seen(run)).isEqualTo(" of ");
        assertThat(JenkinsRule.getLog(run).lines())
                .filteredOn(line -> line.contains("is no longer valid, so SHIFTLEFT_ACCESS_TOKEN"))
                .singleElement()
                .asString()
                .contains("\"of one\"");
    }
}
