package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import hudson.tasks.Shell;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.TestExtension;

/** Whose a variable is: of a block, of the rest of the build, of the user; and nobody else takes it away. */
class OwnersOfVariablesTest extends OnJenkins {
    private static final String LOOK = look("seen");
    private static final String WAIT = "waitUntil(initialRecurrencePeriod: 100) { env.MINTED == 'yes' }\n";

    private static String look(String file) {
        return "sh 'set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > " + file
                + "'\narchiveArtifacts '" + file + "'\n";
    }

    private static String seen(WorkflowRun run) throws Exception {
        return archived(run, "seen");
    }

    private WorkflowRun go(String script) throws Exception {
        WorkflowRun run = job(script.replace("LOOK", LOOK).replace("WAIT", WAIT))
                .scheduleBuild2(0)
                .get();
        return run;
    }

    private String good(String label) {
        return valueOf(label) + " of " + qwiet.organization().id();
    }

    private static void addText(String id) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString("text-of-" + id)));
        SystemCredentialsProvider.getInstance().save();
    }

    /** To name a credential like the variable is not to set the variable. */
    @ParameterizedTest
    @ValueSource(strings = {"", "qwietTokenAudit()"})
    void aCredentialThatIsCalledLikeTheVariable(String gone) throws Exception {
        addText("SHIFTLEFT_ACCESS_TOKEN");
        WorkflowRun run = go("""
                pipeline { agent any
                  environment { SHIFTLEFT_ACCESS_TOKEN = 'the old one' }
                  stages {
                    stage('mint') { steps { qwietCiToken(label: 'new')
                      GONE } }
                    stage('scan') {
                      environment { ANOTHER = credentials('SHIFTLEFT_ACCESS_TOKEN') }
                      steps { LOOK } } } }
                """.replace("GONE", gone));
        if (gone.isEmpty()) {
            assertThat(seen(run)).isEqualTo(good("new"));
        } else {
            assertThat(seen(run)).doesNotStartWith("the old one");
        }
    }

    /** A block's own token, though another branch mints for the rest of the build. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'block')",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'block')])"
            })
    void aBlockGoesOnWithItsOwnTokenThoughAnotherBranchMints(String block) throws Exception {
        WorkflowRun run = go("""
                parallel a: { node { BLOCK { env.OPEN = 'yes'
                    WAIT
                    LOOK } } },
                  b: { waitUntil(initialRecurrencePeriod: 100) { env.OPEN == 'yes' }
                    qwietCiToken(label: 'rest')
                    env.MINTED = 'yes' }
                """.replace("BLOCK", block));
        assertThat(seen(run)).isEqualTo(good("block"));
    }

    /** The organization of a block with another variable. */
    @ParameterizedTest
    @ValueSource(strings = {"", "qwietTokenAudit()"})
    void theOrganizationOfABlockIsThatOfItsToken(String gone) throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "another", other.serviceAccount());
        WorkflowRun run = go("""
                parallel a: { node { withQwietCiToken(label: 'block') { env.OPEN = 'yes'
                    WAIT
                    LOOK } } },
                  b: { waitUntil(initialRecurrencePeriod: 100) { env.OPEN == 'yes' }
                    qwietCiToken(label: 'rest', variable: 'SECOND', credentialsId: 'another', orgId: 'OTHER')
                    GONE
                    env.MINTED = 'yes' }
                """.replace("OTHER", other.id()).replace("GONE", gone));
        assertThat(seen(run)).isEqualTo(good("block"));
    }

    /** Gone, and a block around with a token of another organization. */
    @Test
    void aBlockAroundKeepsItsOrganizationWhenAnotherTokenIsGone() throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "another", other.serviceAccount());
        WorkflowRun run = go("""
                node { withQwietCiToken(label: 'block') {
                    qwietCiToken(label: 'rest', variable: 'SECOND', credentialsId: 'another', orgId: 'OTHER')
                    qwietTokenAudit()
                    LOOK } }
                """.replace("OTHER", other.id()));
        assertThat(seen(run)).isEqualTo(good("block"));
    }

    /** Pipeline's thread is busy for longer than 5 s. */
    @Test
    void whatWasOpenGivesWayThoughPipelinesThreadIsBusy() throws Exception {
        addText("around");
        var job = jenkins.createProject(org.jenkinsci.plugins.workflow.job.WorkflowJob.class, newName());
        job.setDefinition(new org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition("""
                node { withCredentials([string(credentialsId: 'around', variable: 'SHIFTLEFT_ACCESS_TOKEN')]) {
                  parallel a: { qwietCiToken(label: 'new') }, b: { Thread.sleep(9000) }
                  stage('scan') { LOOK } } }
                """.replace("LOOK", LOOK), false));
        WorkflowRun run = job.scheduleBuild2(0).get();

        assertThat(seen(run)).isEqualTo(good("new"));
    }

    /** Freestyle, the agent's own environment. */
    @Test
    void theVariableOfTheMachineDoesNotComeBackInAFreestyleBuild() throws Exception {
        var agent = jenkins.createSlave("j6-agent", new EnvVars("SHIFTLEFT_ACCESS_TOKEN", "the old one"));
        jenkins.waitOnline(agent);
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.setAssignedNode(agent);
        FreeStyleBuild build = goneIn(job);
        assertThat(build.getWorkspace().child("seen").readToString()).doesNotStartWith("the old one");
    }

    /** Freestyle, a wrapper that puts variables into processes. */
    @Test
    void standsOverWhatAWrapperPutsIntoProcesses() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(new Old());
        job.getBuildersList().add(new QwietTokenBuilder("new"));
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        var build = job.scheduleBuild2(0).get();
        String seen = build.getWorkspace().child("seen").readToString();
        assertThat(seen).isEqualTo(good("new"));
    }

    @Test
    void norDoesThatComeBack() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(new Old());
        FreeStyleBuild build = goneIn(job);
        assertThat(build.getWorkspace().child("seen").readToString()).doesNotStartWith("the old one");
    }

    private static FreeStyleBuild goneIn(FreeStyleProject job) throws Exception {
        job.getBuildersList().add(new QwietTokenBuilder("new"));
        job.getBuildersList()
                .add(new Shell("touch waiting; for i in $(seq 300); do [ -e go ] && exit; sleep 0.1; done"));
        job.getBuildersList()
                .add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID\" > seen"));
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        await().until(() -> build.getWorkspace() != null
                && build.getWorkspace().child("waiting").exists());
        TokenRevoker.recall(JenkinsLeases.get().leasing().store().leases()).get();
        await().until(() -> BuildTokens.of(build).orElseThrow().seen().isEmpty());
        build.getWorkspace().child("go").write("", null);
        jenkins.waitForCompletion(build);
        return build;
    }

    /** A wrapper. */
    public static class Old extends BuildWrapper {
        @Override
        @SuppressWarnings("rawtypes")
        public Launcher decorateLauncher(AbstractBuild build, Launcher launcher, BuildListener listener) {
            return launcher.decorateByEnv(new EnvVars("SHIFTLEFT_ACCESS_TOKEN", "the old one"));
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener) {
            return new Environment() {};
        }

        /** The form. */
        @TestExtension
        public static class DescriptorImpl extends BuildWrapperDescriptor {
            @Override
            public boolean isApplicable(AbstractProject<?, ?> item) {
                return true;
            }
        }
    }
}
