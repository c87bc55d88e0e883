package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.FilePath;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Items;
import hudson.model.Run;
import hudson.tasks.Shell;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithFolders;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jenkins.branch.BranchSource;
import jenkins.branch.OrganizationFolder;
import jenkins.scm.impl.SingleSCMNavigator;
import jenkins.scm.impl.SingleSCMSource;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.SingleFileSCM;

/** What a folder sets applies to the jobs below it, in each form by which they ask for a token. */
class FolderSettingsTest extends WithFolders {
    @Test
    void aJenkinsfileOfATeamNeedsNoArgumentAtAll() throws Exception {
        FakeOrganization other = organizationOf(team);
        property(inner, set -> {
            set.setValidFor("2m");
            set.setVariable("TEAM_TOKEN");
            set.setOrgVariable("TEAM_ORG");
        });
        String pause = newName();
        WorkflowRun run = job(
                        inner,
                        "withQwietCiToken { if (!env.TEAM_TOKEN || env.TEAM_ORG != '" + other.id()
                                + "') error('none')\necho env.TEAM_TOKEN\nsemaphore '" + pause + "' }")
                .scheduleBuild2(0)
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);

        assertThat(leaseOf(run)).satisfies(lease -> {
            assertThat(lease.account()).isEqualTo(new Account("of-the-team", team.getFullName(), null));
            assertThat(lease.organization().orgId()).isEqualTo(other.id());
        });
        assertThat(other.liveTokens()).hasSize(1);
        assertThat(qwiet.requests())
                .anySatisfy(request -> assertThat(request.body()).contains(":120"));

        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("****", run);
        assertThat(other.liveTokens()).isEmpty();
        assertThat(qwiet.organization().minted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken { CHECK }",
                "qwietCiToken()\nCHECK",
                "node { withCredentials([qwietAccessToken()]) { CHECK } }",
                "pipeline { agent none\nstages { stage('s') { steps { withQwietCiToken { script { CHECK } } } } } }",
                "pipeline { agent none\nstages { stage('s') { steps { qwietCiToken()\nscript { CHECK } } } } }",
                "pipeline { agent none\noptions { withQwietCiToken() }\nstages { stage('s') { steps { script { CHECK } } } } }",
                "pipeline { agent none\nenvironment { TEAM_TOKEN = credentials('of-the-team') }\n"
                        + "stages { stage('s') { steps { script { CHECK } } } } }"
            })
    void eachFormOfAPipelineUsesThem(String script) throws Exception {
        FakeOrganization other = organizationOf(team);
        property(inner, set -> {
            set.setVariable("TEAM_TOKEN");
            set.setOrgVariable("TEAM_ORG");
            set.setApiHostVariable("TEAM_HOST");
        });
        String host = ApiAddress.parse(qwiet.address()).hostAndPort();

        jenkins.buildAndAssertSuccess(
                job(
                        inner,
                        script.replace(
                                "CHECK",
                                "if (!env.TEAM_TOKEN || env.TEAM_ORG != '" + other.id() + "' || env.TEAM_HOST != '"
                                        + host
                                        + "' || env.SHIFTLEFT_API_HOST || env.SHIFTLEFT_ORG_ID) error(\"$env.TEAM_ORG, $env.TEAM_HOST\")")));

        assertThat(other.minted()).isOne();
        assertThat(other.liveTokens()).isEmpty();
        assertThat(qwiet.organization().minted()).isZero();
    }

    @Test
    void freestyleJobsUseThem() throws Exception {
        FakeOrganization other = organizationOf(team);
        property(inner, set -> set.setVariable("TEAM_TOKEN"));
        FreeStyleProject step = inner.createProject(FreeStyleProject.class, newName());
        step.getBuildersList().addAll(List.of(new QwietTokenBuilder(null), new Shell("test -n \"$TEAM_TOKEN\"")));
        jenkins.buildAndAssertSuccess(step);
        FreeStyleProject binding = inner.createProject(FreeStyleProject.class, newName());
        binding.getBuildWrappersList().add(new SecretBuildWrapper(List.of(new QwietAccessTokenBinding(null))));
        binding.getBuildersList().add(new Shell("test -n \"$TEAM_TOKEN\""));
        jenkins.buildAndAssertSuccess(binding);

        assertThat(other.minted()).isEqualTo(2);
        assertThat(other.liveTokens()).isEmpty();
    }

    @Test
    void theAuditListsTheOrganizationOfTheFolder() throws Exception {
        FakeOrganization other = organizationOf(team);

        jenkins.buildAndAssertSuccess(job(inner, "qwietTokenAudit()"));

        assertThat(qwiet.requests())
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.path()).contains(other.id()));
    }

    @Test
    void theNearestWinsAndTheGlobalOneIsTheLast() throws Exception {
        property(team, set -> {
            set.setValidFor(120);
            set.setVariable("OF_THE_TEAM");
        });
        property(inner, set -> set.setValidFor("3m"));

        QwietSettings settings = EffectiveSettings.of(inner).valid();

        assertThat(settings.validity()).isEqualTo(Duration.ofMinutes(3));
        assertThat(settings.variable()).isEqualTo("OF_THE_TEAM");
        assertThat(settings.orgVariable()).isEqualTo(QwietConfiguration.DEFAULT_ORG_VARIABLE);
        assertThat(settings.orgId()).isEqualTo(qwiet.organization().id());
        assertThat(settings.credentialsId()).isEqualTo(QwietAccount.ID);
        assertThat(EffectiveSettings.of(team).valid().validity()).isEqualTo(Duration.ofMinutes(2));
        assertThat(EffectiveSettings.of(null).valid())
                .isEqualTo(QwietConfiguration.get().settings());
    }

    @Test
    void theArgumentsOfAStepWinOverAll() throws Exception {
        FakeOrganization other = organizationOf(team);
        property(inner, set -> set.setVariable("OF_THE_TEAM"));

        jenkins.buildAndAssertSuccess(job(
                inner,
                "withQwietCiToken(credentialsId: 'sa', orgId: '"
                        + qwiet.organization().id()
                        + "', variable: 'MINE', validFor: '5m') { if (!env.MINE || env.OF_THE_TEAM) error('wrong') }"));

        assertThat(other.minted()).isZero();
        assertThat(qwiet.organization().minted()).isOne();
    }

    /** Of a folder below, and of a parameter: both are found first when a job looks. */
    @Test
    void theAccountIsTheOneThatTheFolderSees() throws Exception {
        FakeOrganization other = organizationOf(team);
        QwietAccount.add(inner, "of-the-team", qwiet.organization().serviceAccount());

        jenkins.buildAndAssertSuccess(job(inner, "withQwietCiToken { }"));

        assertThat(other.minted()).isOne();
        assertThat(other.liveTokens()).isEmpty();
    }

    @Test
    void anAccountThatIsNotThereIsSaidWithTheFolderThatNamesIt() throws Exception {
        property(team, set -> set.setCredentialsId("nobody"));

        assertThat(logOfFailed(inner, "withQwietCiToken { }"))
                .contains("\"nobody\" that this job can use, and the folder \"" + team.getFullName() + "\" names it");
        assertThat(qwiet.requests()).isEmpty();
    }

    @Test
    void revocationUsesWhatAppliedWhenTheTokenWasMinted() throws Exception {
        FakeOrganization other = organizationOf(team);
        String pause = newName();
        WorkflowRun run = job(inner, "withQwietCiToken(label: 'held') { semaphore '" + pause + "' }")
                .scheduleBuild2(0)
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);

        team.getProperties().remove(QwietFolderProperty.class);
        assertThat(new QwietConnections().of(leaseOf(run))).isPresent();
        SemaphoreStep.success(pause + "/1", null);

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("Qwiet: revoked CI token \"held\"", run);
        assertThat(other.liveTokens()).isEmpty();
    }

    /** To a folder of another team, while it builds: what it was given stays, and what it asks for next is of the new place. */
    @Test
    void aJobThatIsMovedIsOfItsNewFolder() throws Exception {
        FakeOrganization other = organizationOf(team);
        FreeStyleProject job = inner.createProject(FreeStyleProject.class, newName());
        job.getBuildersList()
                .addAll(List.of(
                        new QwietTokenBuilder("held"),
                        new Shell("touch waiting; for i in $(seq 600); do [ -e go ] && exit; sleep 0.1; done")));
        FreeStyleBuild run = job.scheduleBuild2(0).waitForStart();
        await().until(() -> run.getWorkspace() != null
                && run.getWorkspace().child("waiting").exists());
        FilePath workspace = run.getWorkspace();

        Items.move(job, otherTeam);
        assertThat(leaseOf(run).account()).isEqualTo(new Account("of-the-team", team.getFullName(), null));
        workspace.child("go").write("", null);

        await().until(() -> !run.isLogUpdated());
        jenkins.assertLogContains("Qwiet: revoked CI token \"held\"", run);
        assertThat(other.minted()).isOne();
        assertThat(other.liveTokens()).isEmpty();
        job.getBuildersList().remove(Shell.class);
        jenkins.buildAndAssertSuccess(job);
        assertThat(other.minted()).isOne();
        assertThat(qwiet.organization().minted()).isOne();
    }

    @Test
    void aTokenIsRenewedWithTheAccountThatMintedItWhateverIsSetByThen() throws Exception {
        FakeOrganization other = organizationOf(team);
        String pause = newName();
        WorkflowRun run = job(inner, "withQwietCiToken { semaphore '" + pause + "' }")
                .scheduleBuild2(0)
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        property(team, set -> {
            set.setCredentialsId(QwietAccount.ID);
            set.setValidFor("10m");
            set.setEnforced(true);
        });

        Connection again = new QwietConnections().again(run, null, leaseOf(run)).orElseThrow();

        assertThat(again.client().organization().orgId()).isEqualTo(other.id());
        assertThat(again.account().credentialsId()).isEqualTo("of-the-team");
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertThat(other.liveTokens()).isEmpty();
    }

    @Test
    void thoseOfAMultibranchProjectApplyToItsBranches() throws Exception {
        var project = team.createProject(WorkflowMultiBranchProject.class, newName());
        var property = new QwietFolderProperty();
        property.setVariable("OF_THE_PROJECT");
        project.addProperty(property);
        project.getSourcesList()
                .add(new BranchSource(new SingleSCMSource(
                        "main",
                        new SingleFileSCM(
                                "Jenkinsfile",
                                "withQwietCiToken { if (!env.OF_THE_PROJECT) error('none') }"
                                        .getBytes(StandardCharsets.UTF_8)))));
        project.scheduleBuild2(0).getFuture().get();
        await().until(() ->
                project.getItem("main") != null && project.getItem("main").getLastBuild() != null);

        jenkins.assertBuildStatusSuccess(
                jenkins.waitForCompletion(project.getItem("main").getLastBuild()));
        assertThat(qwiet.organization().minted()).isOne();
    }

    @Test
    void thoseOfAnOrganizationFolderApplyToTheBranchesOfItsProjects() throws Exception {
        var folder = team.createProject(OrganizationFolder.class, newName());
        var property = new QwietFolderProperty();
        property.setVariable("OF_THE_ORGANIZATION");
        folder.addProperty(property);
        folder.getNavigators()
                .add(new SingleSCMNavigator(
                        "shop",
                        List.of(new SingleSCMSource(
                                "main",
                                new SingleFileSCM(
                                        "Jenkinsfile",
                                        "withQwietCiToken { if (!env.OF_THE_ORGANIZATION) error('none') }"
                                                .getBytes(StandardCharsets.UTF_8))))));
        folder.scheduleBuild2(0).getFuture().get();
        await().until(() -> {
            var project = (WorkflowMultiBranchProject) folder.getItem("shop");
            return project != null
                    && project.getItem("main") != null
                    && project.getItem("main").getLastBuild() != null;
        });

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(((WorkflowMultiBranchProject) folder.getItem("shop"))
                .getItem("main")
                .getLastBuild()));
        assertThat(qwiet.organization().minted()).isOne();
    }

    @Test
    void whatIsWrongIsSaidByTheBuildAndNamesTheFolder() throws Exception {
        property(team, set -> set.setValidFor("5"));

        assertThat(logOfFailed(inner, "withQwietCiToken { }"))
                .contains("A setting of Qwiet in the folder \"" + team.getFullName()
                        + "\" is not valid: A token cannot be valid for \"5\"");
    }

    @Test
    void variablesOfTwoFoldersMustDiffer() throws Exception {
        property(team, set -> set.setVariable("SAME"));
        property(inner, set -> set.setOrgVariable("same"));

        assertThat(logOfFailed(inner, "withQwietCiToken { }"))
                .contains("in the folder \"" + inner.getFullName() + "\" is not valid: ", "\"SAME\" cannot hold both");
        property(inner, set -> set.setApiHostVariable("SAME"));
        assertThat(logOfFailed(inner, "withQwietCiToken(orgVariable: 'MY_ORG') { }"))
                .contains("\"SAME\" holds the token or the organization ID");
    }

    /** Steps may name their own, whatever the folder's are. */
    @Test
    void aStepThatNamesBothVariablesNeedsNoneOfTheFolders() throws Exception {
        property(team, set -> set.setVariable("SAME"));
        property(inner, set -> {
            set.setOrgVariable("SAME");
            set.setApiHostVariable("same");
        });

        jenkins.buildAndAssertSuccess(
                job(
                        inner,
                        "withQwietCiToken(variable: 'MINE', orgVariable: 'MY_ORG') { if (!env.MINE || !env.MY_ORG) error('none') }"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"120", "'2m'"})
    void jobDslSetsThem(String lifetime) throws Exception {
        String name = newName();

        runDsl("folder('" + name + "') { properties { qwiet {\ncredentialsId('of-the-team')\nvalidFor(" + lifetime
                + ")\nvariable('TEAM_TOKEN')\nenforced(true) } } }");

        QwietFolderProperty set = propertyOf(name);
        assertThat(set.settings().validFor().seconds()).isEqualTo(120);
        assertThat(set.getCredentialsId()).isEqualTo("of-the-team");
        assertThat(set.getVariable()).isEqualTo("TEAM_TOKEN");
        assertThat(set.isEnforced()).isTrue();
        assertThat(set.getOrgId()).isNull();
    }

    @Test
    void configurationAsCodeSetsThemByJobDsl(@TempDir Path directory) throws Exception {
        String name = newName();
        Path source = directory.resolve("casc.yaml");
        Files.writeString(
                source,
                "jobs:\n- script: >\n    folder('" + name
                        + "') { properties { qwiet { orgId('6f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f') } } }\n");

        ConfigurationAsCode.get().configure(source.toString());

        assertThat(propertyOf(name).getOrgId()).isEqualTo("6f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f");
    }

    private static Lease leaseOf(Run<?, ?> run) throws Exception {
        return JenkinsLeases.get().leasing().store().leases().stream()
                .filter(lease -> lease.buildId().equals(run.getExternalizableId()))
                .findFirst()
                .orElseThrow();
    }
}
