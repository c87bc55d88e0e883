package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Items;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.BuildStates;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.audit.Difference;
import io.jenkins.plugins.qwiet.audit.MadeBy;
import io.jenkins.plugins.qwiet.audit.TokenRow;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.fake.RecordedRequest;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.OwnNonces;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.steps.CoreStep;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;

/** What an audit does, in both kinds of jobs. */
class AuditStepTest extends WithQwiet {
    private static final String NONCE = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @EnumSource
    void revokesWhatTheBuildMintedAndOnlyThenLists(AuditedJob kind) throws Exception {
        Run<?, ?> run = kind.build(jenkins, Result.SUCCESS, true, Map.of("ownTokenLive", "FAIL"));

        assertThat(qwiet.requests().stream().map(RecordedRequest::method)).containsExactly("POST", "DELETE", "GET");
        assertThat(JenkinsRule.getLog(run))
                .containsSubsequence(
                        "Qwiet: revoked CI token \"" + AuditedJob.MINTED + "\"",
                        "Qwiet tokens of this build:",
                        AuditedJob.MINTED,
                        "revoked 20");
        assertThat(QwietTokensAction.reportOf(run).report().own())
                .singleElement()
                .satisfies(token -> {
                    assertThat(token.life()).isEqualTo(BuildToken.Life.REVOKED);
                    assertThat(token.revokedAt()).isNotNull();
                });
    }

    @ParameterizedTest
    @EnumSource
    void doesNotCallLiveWhatOnlyALateListStillHas(AuditedJob kind) throws Exception {
        qwiet.organization().lagBehind(1);

        Run<?, ?> run = kind.build(jenkins, Result.SUCCESS, true, Map.of("ownTokenLive", "FAIL"));

        assertThat(qwiet.requests().stream().map(RecordedRequest::method))
                .containsExactly("POST", "DELETE", "GET", "GET");
        jenkins.assertLogNotContains("STILL ACTIVE", run);
        assertThat(QwietTokensAction.reportOf(run).report().own())
                .extracting(BuildToken::life)
                .containsExactly(BuildToken.Life.REVOKED);
    }

    /** The clock of this Jenkins is two hours ahead. The one call that tells is the list itself, or one before it. */
    @ParameterizedTest
    @EnumSource
    void comparesTimesOfQwietWithQwietsClock(AuditedJob kind) throws Exception {
        qwiet.tellTime(Duration.ofHours(-2));
        qwiet.organization().add("an hour left", "", Instant.now().minus(Duration.ofHours(1)), "access");
        qwiet.organization().add("over", "", Instant.now().minus(Duration.ofHours(3)), "access");

        for (boolean mints : List.of(false, true)) {
            Run<?, ?> run = kind.build(jenkins, Result.SUCCESS, mints, Map.of("includeExpired", true));

            assertThat(QwietTokensAction.reportOf(run).rows())
                    .filteredOn(row -> !row.label().equals(AuditedJob.MINTED))
                    .extracting(TokenRow::label, TokenRow::live)
                    .containsExactlyInAnyOrder(tuple("an hour left", true), tuple("over", false));
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesNoTokenForTheBuildsOnlyBecauseItsDescriptionSaysSo(AuditedJob kind) throws Exception {
        var innocent = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject());
        Job<?, ?> job = kind.make(
                jenkins.jenkins, AuditedJob.newName(), true, Map.of("ownTokenLive", "FAIL", "leftByBuild", "FAIL"));
        add("forged", jenkins.getURL() + job.getUrl() + "1/");
        add("forged", jenkins.getURL() + innocent.getUrl());

        Run<?, ?> run = AuditedJob.build(jenkins, Result.SUCCESS, job);

        assertThat(QwietTokensAction.reportOf(run).report().own()).hasSize(1);
        assertThat(QwietTokensAction.reportOf(run).rows())
                .extracting(TokenRow::label, TokenRow::madeBy)
                .containsExactly(tuple("forged", MadeBy.CLAIMS_BUILD), tuple("forged", MadeBy.CLAIMS_BUILD));
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheTokensOfTheBuildAloneIfToldTo(AuditedJob kind) throws Exception {
        Run<?, ?> run = kind.build(jenkins, Result.SUCCESS, true, Map.of("revoke", false));

        jenkins.assertLogContains("STILL ACTIVE", run);
        jenkins.assertLogContains("WARN: 1 token of this build is still active:", run);
        assertThat(QwietTokensAction.reportOf(run).report().own())
                .extracting(BuildToken::life)
                .containsExactly(BuildToken.Life.LIVE);
        // They end with the build all the same.
        assertThat(qwiet.organization().liveTokens()).isEmpty();
        var own = run.getAction(QwietTokensAction.class).getView().own();
        assertThat(own).singleElement().satisfies(token -> {
            assertThat(token.revokedSince()).isTrue();
            assertThat(token.revoked()).isNotNull();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aTokenThatCannotBeRevokedIsFound(AuditedJob kind) throws Exception {
        qwiet.faultAlways(Fault.status(Operation.DELETE, 403, "FORBIDDEN", "may not"));

        Run<?, ?> run = kind.build(jenkins, Result.UNSTABLE, true, Map.of("ownTokenLive", "UNSTABLE"));

        jenkins.assertLogContains("may not revoke CI token", run);
        jenkins.assertLogContains("UNSTABLE: 1 token of this build is still active:", run);
    }

    @ParameterizedTest
    @EnumSource
    void abortingTheBuildEndsTheCallAtOnce(AuditedJob kind) throws Exception {
        Job<?, ?> job = kind.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of());
        Hold hold = qwiet.hold(Operation.LIST);
        var future = ParameterizedJobMixIn.scheduleBuild2(job, 0).getFuture();
        hold.awaitArrived(Duration.ofSeconds(30));
        Run<?, ?> run = job.getLastBuild();

        run.getClass().getMethod("doStop").invoke(run);

        jenkins.assertBuildStatus(Result.ABORTED, (Run<?, ?>) future.get(1, TimeUnit.MINUTES));
        jenkins.assertLogContains("interrupted while the organization", run);
        jenkins.assertLogNotContains("\tat ", run);
        hold.release();
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheDifferenceToTheLastAuditOfTheJob(AuditedJob kind) throws Exception {
        Job<?, ?> job = kind.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of());
        qwiet.organization().add("stays", "", null, "access");
        Run<?, ?> first = AuditedJob.build(jenkins, Result.SUCCESS, job);
        qwiet.faultAlways(Fault.status(Operation.LIST, 500, "INTERNAL", "broken"));
        AuditedJob.build(jenkins, Result.SUCCESS, job);
        qwiet.clearFaults();
        FakeToken added = qwiet.organization().add("new", "", null, "access");

        Run<?, ?> third = AuditedJob.build(jenkins, Result.SUCCESS, job);

        assertThat(QwietTokensAction.reportOf(first).report().difference()).isNull();
        Difference difference = QwietTokensAction.reportOf(third).report().difference();
        assertThat(difference.build()).isEqualTo(first.getFullDisplayName());
        assertThat(difference.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(Difference.Kind.ADDED);
            assertThat(entry.id()).isEqualTo(added.id());
        });
        jenkins.assertLogContains("Since " + first.getFullDisplayName() + ": 1 new, 0 gone, 0 changed.", third);
    }

    @ParameterizedTest
    @EnumSource
    void listsExpiredTokensOnlyIfAsked(AuditedJob kind) throws Exception {
        qwiet.organization().add("old", "", Instant.now().minus(Duration.ofDays(1)), "access");

        Run<?, ?> without = kind.build(jenkins, Result.SUCCESS, false, Map.of());
        Run<?, ?> with = kind.build(jenkins, Result.SUCCESS, false, Map.of("includeExpired", true));

        assertThat(QwietTokensAction.reportOf(without).rows()).isEmpty();
        assertThat(QwietTokensAction.reportOf(with).rows())
                .extracting(TokenRow::label)
                .containsExactly("old");
    }

    @ParameterizedTest
    @EnumSource
    void usesTheServiceAccountAndTheOrganizationThatItNames(AuditedJob kind) throws Exception {
        var other = qwiet.addOrganization();
        other.add("of the other", "", null, "access");
        Folder folder = jenkins.createProject(Folder.class, AuditedJob.newName());
        QwietAccount.add(folder, "inside", other.serviceAccount());
        Map<String, Object> arguments = Map.of("credentialsId", "inside", "orgId", other.id());

        Run<?, ?> run = AuditedJob.build(jenkins, Result.SUCCESS, kind.make(folder, "audited", false, arguments));
        Run<?, ?> outside = kind.build(jenkins, Result.SUCCESS, false, arguments);

        assertThat(QwietTokensAction.reportOf(run).rows())
                .extracting(TokenRow::label)
                .containsExactly("of the other");
        jenkins.assertLogContains("with the ID \"inside\" that this job can use", outside);
        jenkins.assertLogNotContains("\tat ", outside);
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatIsWrongWithAnArgumentOrASetting(AuditedJob kind) throws Exception {
        jenkins.assertLogContains(
                "maxDays: \"-1\" is not a whole number, zero or more.",
                kind.build(jenkins, Result.FAILURE, false, Map.of("maxDays", -1)));
        jenkins.assertLogContains(
                "labelPattern: Not a regular expression",
                kind.build(jenkins, Result.FAILURE, false, Map.of("labelPattern", "[")));
        QwietConfiguration.get().setCredentialsId(null);
        Run<?, ?> run = kind.build(jenkins, Result.FAILURE, false, Map.of("listUnavailable", "FAIL"));
        jenkins.assertLogContains("No Qwiet service account is set.", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @ParameterizedTest
    @EnumSource
    void goesOnIfTheReportCannotBeKept(AuditedJob kind) throws Exception {
        qwiet.organization().add("forever", "", null, "access");
        Job<?, ?> job = kind.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of("neverExpires", "UNSTABLE"));
        // A directory that is not empty cannot be replaced by a file.
        Path inTheWay = job.getBuildDir().toPath().resolve("1/qwiet-tokens.json.gz/full");
        Hold hold = qwiet.hold(Operation.LIST);
        var future = ParameterizedJobMixIn.scheduleBuild2(job, 0).getFuture();
        hold.awaitArrived(Duration.ofSeconds(30));
        Files.createDirectories(inTheWay);
        hold.release();

        Run<?, ?> run = jenkins.assertBuildStatus(Result.UNSTABLE, (Run<?, ?>) future.get(1, TimeUnit.MINUTES));

        jenkins.assertLogContains("could not be stored in the build directory", run);
    }

    @Test
    void knowsTheBuildsOfThisJenkinsAlone() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, "a folder (more)");
        WorkflowJob job = folder.createProject(WorkflowJob.class, "job äöü +");
        job.setDefinition(new CpsFlowDefinition("semaphore 'known'", true));
        var run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart("known/1", run);
        String url = jenkins.getURL() + run.getUrl();

        assertThat(ListedBuilds.stateOf(url)).isEqualTo(BuildStates.State.RUNNING);
        SemaphoreStep.success("known/1", null);
        jenkins.waitForCompletion(run);
        assertThat(ListedBuilds.stateOf(url)).isEqualTo(BuildStates.State.OVER);

        String root = jenkins.getURL().toString();
        for (String gone : List.of(
                root + "job/none/1/",
                root + job.getUrl() + "77/",
                root + folder.getUrl() + "3/",
                root + "job/%2e%2e/1/")) {
            assertThat(ListedBuilds.stateOf(gone)).as(gone).isEqualTo(BuildStates.State.GONE);
        }
        for (String elsewhere : List.of(
                "https://other.example/job/x/1/",
                root,
                root + "job/x/",
                root + "job/x/1/?a=b",
                root + "job/x/-1/",
                root + "job/x/99999999999/",
                root + "user/x/1/",
                "")) {
            assertThat(ListedBuilds.stateOf(elsewhere)).as(elsewhere).isEqualTo(BuildStates.State.ELSEWHERE);
        }
        run.delete();
        assertThat(ListedBuilds.stateOf(url)).isEqualTo(BuildStates.State.GONE);
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhoMadeATokenAndWhatWasLeftBehind(AuditedJob kind) throws Exception {
        FreeStyleProject other = jenkins.createFreeStyleProject();
        var over = jenkins.buildAndAssertSuccess(other);
        String root = jenkins.getURL().toString();
        var left = new LeftTokens(qwiet);
        left.add("over", "", root + over.getUrl(), over.getExternalizableId());
        left.add("gone", "", root + other.getUrl() + "99/", other.getFullName() + "#99");
        add("claims", root + over.getUrl());
        add("claims", root + other.getUrl() + "98/");
        qwiet.organization()
                .add(
                        "gone with its lease",
                        TokenDescription.describe("", root + other.getUrl() + "97/", OwnNonces.next()),
                        null,
                        "access");
        add("elsewhere", "https://ci.example.com/job/x/1/");
        qwiet.organization().add("by hand", "", null, "access");

        Run<?, ?> run = kind.build(jenkins, Result.SUCCESS, false, Map.of());
        left.forget();

        assertThat(QwietTokensAction.reportOf(run).rows())
                .extracting(TokenRow::madeBy)
                .containsExactly(
                        MadeBy.FINISHED_BUILD,
                        MadeBy.DELETED_BUILD,
                        MadeBy.CLAIMS_BUILD,
                        MadeBy.CLAIMS_BUILD,
                        MadeBy.DELETED_BUILD,
                        MadeBy.UNKNOWN_BUILD,
                        MadeBy.NOT_JENKINS);
        jenkins.assertLogContains("3 orphaned", run);
    }

    /** Though its lease is lost. What has a copy of the description, or only the address of a build, is another's. */
    @ParameterizedTest
    @EnumSource
    void knowsByItsRecordWhatABuildLeft(AuditedJob kind) throws Exception {
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "not now"));
        Run<?, ?> over = kind.build(jenkins, Result.SUCCESS, true, Map.of());
        for (Lease lease : JenkinsLeases.get().leasing().store().ofBuild(over.getExternalizableId())) {
            JenkinsLeases.get().leasing().store().remove(lease.nonce()).join();
        }
        FakeToken left = qwiet.organization().liveTokens().get(0);
        FakeToken copy = qwiet.organization().add("copy", left.description(), null, "access");

        Run<?, ?> run = kind.build(jenkins, Result.FAILURE, false, Map.of("leftByBuild", "FAIL"));

        jenkins.assertLogContains("1 orphaned", run);
        jenkins.assertLogContains("FAIL: 1 token that Jenkins created", run);
        assertThat(QwietTokensAction.reportOf(run).rows())
                .extracting(TokenRow::id, TokenRow::madeBy)
                .containsExactlyInAnyOrder(
                        tuple(left.id(), MadeBy.FINISHED_BUILD), tuple(copy.id(), MadeBy.CLAIMS_BUILD));
    }

    private void add(String label, String url) {
        qwiet.organization()
                .add(
                        label,
                        TokenDescription.describe("", url, NONCE),
                        Instant.now().plus(Duration.ofDays(1)),
                        "access");
    }

    @ParameterizedTest
    @EnumSource
    void keepsSecretsOutOfEveryFileOfTheBuild(AuditedJob kind) throws Exception {
        FakeToken other = qwiet.organization().add("other", "", null, "access");
        Job<?, ?> job = kind.make(jenkins.jenkins, AuditedJob.newName(), true, Map.of());
        Hold hold = qwiet.hold(Operation.DELETE);
        var future = ParameterizedJobMixIn.scheduleBuild2(job, 0).getFuture();
        hold.awaitArrived(Duration.ofSeconds(30));
        String own = qwiet.organization().liveTokens().get(1).value();
        hold.release();

        Run<?, ?> run = jenkins.assertBuildStatus(Result.SUCCESS, (Run<?, ?>) future.get(60, TimeUnit.SECONDS));

        try (var files = Files.walk(run.getRootDir().toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = file.toString().endsWith(".gz")
                        ? new GZIPInputStream(Files.newInputStream(file)).readAllBytes()
                        : Files.readAllBytes(file);
                assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(own)
                        .doesNotContain(other.value())
                        .doesNotContain(qwiet.organization().serviceAccount());
            }
        }
    }

    @Test
    void auditsAfterADeclarativePipelineHoweverItEnded() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, AuditedJob.newName());
        job.setDefinition(new CpsFlowDefinition("""
                pipeline {
                    agent none
                    stages { stage('x') { steps { qwietCiToken(label: 'x'); error 'no' } } }
                    post { always { qwietTokenAudit() } }
                }
                """, true));

        Run<?, ?> run = jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));

        jenkins.assertLogContains("Qwiet tokens of this build:", run);
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    @Test
    void aSecondAuditOfABuildReplacesTheFirst() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, AuditedJob.newName());
        job.setDefinition(new CpsFlowDefinition(
                "qwietTokenAudit(neverExpires: 'UNSTABLE'); semaphore 'second'; qwietTokenAudit()", true));
        qwiet.organization().add("first", "", null, "access");
        var run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart("second/1", run);
        qwiet.organization().add("second", "", null, "access");
        SemaphoreStep.success("second/1", null);

        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(run));

        assertThat(QwietTokensAction.reportOf(run).rows()).hasSize(2);
        assertThat(run.getActions(QwietTokensAction.class)).hasSize(1);
    }

    @Test
    void saysThatItKnowsNothingOfTokensInAnotherOrganization() throws Exception {
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, AuditedJob.newName());
        job.setDefinition(new CpsFlowDefinition(
                "qwietCiToken(label: 'x'); qwietTokenAudit(revoke: false, credentialsId: 'other', orgId: '" + other.id()
                        + "')",
                true));

        Run<?, ?> run = jenkins.assertBuildStatus(Result.SUCCESS, job.scheduleBuild2(0));

        jenkins.assertLogContains("in another organization, which this list does not include: 1", run);
    }

    @Test
    void theSnippetGeneratorLeavesDefaultsOut() {
        assertThat(Snippetizer.object2Groovy(new CoreStep(new QwietTokenAudit())))
                .isEqualTo("qwietTokenAudit()");
        var audit = new QwietTokenAudit();
        audit.setNeverExpires("fail");
        audit.setMaxDays(7);
        audit.setLabelPattern("team-\\d+");
        audit.setRevoke(false);
        assertThat(Snippetizer.object2Groovy(new CoreStep(audit)))
                .isEqualTo(
                        "qwietTokenAudit labelPattern: 'team-\\\\d+', maxDays: 7, neverExpires: 'FAIL', revoke: false");
    }

    @Test
    void theFormOfAFreestyleJobKeepsWhatIsSet() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        var plain = new QwietTokenAudit();
        job.getPublishersList().add(plain);
        job = jenkins.configRoundtrip(job);
        jenkins.assertEqualDataBoundBeans(plain, job.getPublishersList().get(QwietTokenAudit.class));

        var audit = new QwietTokenAudit();
        audit.setCredentialsId(QwietAccount.ID);
        audit.setOrgId(qwiet.organization().id());
        audit.setRevoke(false);
        audit.setIncludeExpired(true);
        audit.setOwnTokenLive("FAIL");
        audit.setNeverExpires("UNSTABLE");
        audit.setExpiresLate("OFF");
        audit.setMaxDays(3);
        audit.setTooMany("FAIL");
        audit.setMaxLive(0);
        audit.setLeftByBuild("UNSTABLE");
        audit.setLabelMismatch("FAIL");
        audit.setLabelPattern("x+");
        audit.setListUnavailable("OFF");
        job.getPublishersList().replace(audit);
        job = jenkins.configRoundtrip(job);
        jenkins.assertEqualDataBoundBeans(audit, job.getPublishersList().get(QwietTokenAudit.class));
    }

    @Test
    void aJobThatSetsNothingHasTheDefaults() {
        var audit = (QwietTokenAudit) Items.XSTREAM2.fromXML("<" + QwietTokenAudit.class.getName() + "/>");

        assertThat(audit.isRevoke()).isTrue();
        assertThat(audit.getNeverExpires()).isEqualTo("WARN");
        assertThat(audit.getMaxLive()).isNull();
    }
}
