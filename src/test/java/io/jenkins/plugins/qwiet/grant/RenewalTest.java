package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.FreeStyleProject;
import hudson.model.ItemGroup;
import hudson.model.Items;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.springframework.security.core.Authentication;

/** No build outlives its token. */
class RenewalTest extends OnOneClock {

    private void renewedTo(int number) {
        await().until(() -> qwiet.organization().minted() == number);
        await().until(() -> isCurrently(number));
    }

    private boolean isCurrently(int number) {
        return jenkins.jenkins.getAllItems(hudson.model.Job.class).stream()
                .map(job -> ((hudson.model.Job<?, ?>) job).getLastBuild())
                .filter(build -> build != null && build.isBuilding())
                .flatMap(build -> BuildTokens.of(build).stream())
                .flatMap(tokens -> tokens.getTokens().stream())
                .anyMatch(token -> token.isCurrent() && token.number() == number);
    }

    private static final String LOOK =
            "node { sh 'set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" > seen'\n" + "archiveArtifacts 'seen' }\n";

    private String seen(WorkflowRun run) throws Exception {
        try (var in = run.getArtifactManager().root().child("seen").open()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    @Test
    void aProviderOfCredentialsThatNeverReturnsHoldsUpOneAttempt() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 1200) { semaphore 'PAUSE'\n" + LOOK + "}");
        HangsOnce.asked = new CountDownLatch(1);
        HangsOnce.hangs = true;
        try {
            pass(Duration.ofSeconds(801));
            assertThat(HangsOnce.asked.await(1, TimeUnit.MINUTES)).isTrue();

            pass(Duration.ofMinutes(5));
            renewedTo(2);
        } finally {
            HangsOnce.goOn.countDown();
        }
        build.goOn(Result.SUCCESS);
    }

    /** The first who asks waits. */
    @TestExtension
    public static class HangsOnce extends CredentialsProvider {
        static volatile CountDownLatch asked;
        static volatile boolean hangs;
        static final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type, ItemGroup group, Authentication authentication, List<DomainRequirement> domains) {
            if (hangs) {
                hangs = false;
                asked.countDown();
                try {
                    goOn.await(2, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return List.of();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'held', validFor: 60) {BODY}",
                "qwietCiToken(label: 'held', validFor: 60)\nBODY"
            })
    void whatStartsLaterGetsALivingTokenHoweverLongTheBuild(String form) throws Exception {
        Paused build = paused(
                form.replace(
                        "BODY",
                        "semaphore 'PAUSE'\n" + LOOK
                                + "echo \"groovy: ${env.SHIFTLEFT_ACCESS_TOKEN}\"\nerror \"no: ${env.SHIFTLEFT_ACCESS_TOKEN}\""));
        for (int number = 2; number <= 12; number++) {
            pass(Duration.ofSeconds(41));
            renewedTo(number);
        }
        assertThat(BuildTokens.of(build.run()).orElseThrow().getTokens()).hasSizeLessThanOrEqualTo(2);
        List<FakeToken> live = qwiet.organization().liveTokens();
        assertThat(live).hasSizeLessThanOrEqualTo(2);
        String newest = live.get(live.size() - 1).value();

        WorkflowRun run = build.goOn(Result.FAILURE);

        assertThat(seen(run)).isEqualTo(newest);
        jenkins.assertLogContains("groovy: ****", run);
        jenkins.assertLogContains("no: ****", run);
        jenkins.assertLogNotContains(newest, run);
        await().untilAsserted(() -> assertThat(filesContaining(run, newest)).containsExactly("seen"));
        jenkins.assertLogContains("the last of 12 in turn)", run);
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.startsWith("Qwiet: ")))
                .hasSizeLessThan(8);
        await().untilAsserted(() ->
                assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty());
        assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                .singleElement()
                .satisfies(token -> {
                    assertThat(token.number()).isEqualTo(12);
                    assertThat(token.revokedAt()).isNotNull();
                });
    }

    @Test
    void theOldOneStaysGoodForWhatRunsWithIt() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 60) { semaphore 'PAUSE' }");
        FakeToken first = token("held");

        pass(Duration.ofSeconds(41));
        renewedTo(2);

        assertThat(qwiet.organization().isLive(first.value())).isTrue();
        // Nothing else saves the build now, and after a kill the token is to be known.
        await().untilAsserted(() -> assertThat(
                        Files.readString(build.run().getRootDir().toPath().resolve("build.xml")))
                .contains("number=\"2\""));
        build.goOn(Result.SUCCESS);
        assertThat(qwiet.organization().tokens()).isEmpty();
    }

    @Test
    void nextBuildStepOfAFreestyleBuildGetsIt() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var builder = new QwietTokenBuilder("held");
        builder.setValidFor(60);
        job.getBuildersList().add(builder);
        job.getBuildersList().add(new Shell("touch waiting; while [ ! -e go ]; do sleep 0.1; done"));
        job.getBuildersList().add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" > seen"));
        var build = job.scheduleBuild2(0).waitForStart();
        await().until(() -> build.getWorkspace() != null
                && build.getWorkspace().child("waiting").exists());
        String first = token("held").value();

        pass(Duration.ofSeconds(41));
        renewedTo(2);
        build.getWorkspace().child("go").write("", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));

        assertThat(build.getWorkspace().child("seen").readToString())
                .isNotEqualTo(first)
                .startsWith("eyJ");
        jenkins.assertLogContains("\"held\" was renewed", build);
    }

    @Test
    void stepsStartThoughQwietIsOutAndTheLogSaysSinceWhen() throws Exception {
        String later = newName();
        Paused build = paused("""
                withQwietCiToken(label: 'held', validFor: 60) {
                  semaphore 'PAUSE'
                  echo "in the outage: ${env.SHIFTLEFT_ACCESS_TOKEN}"
                  semaphore 'LATER'
                  LOOK
                }
                """.replace("LATER", later).replace("LOOK", LOOK));
        qwiet.faultAlways(Fault.unavailable(Operation.CREATE, null));
        pass(Duration.ofSeconds(41));
        jenkins.waitForMessage("could not be renewed yet", build.run());
        pass(Duration.ofSeconds(20));
        jenkins.waitForMessage("there has been no valid CI token \"held\" since ", build.run());
        SemaphoreStep.success(build.pause() + "/1", null);
        SemaphoreStep.waitForStart(later + "/1", build.run());
        jenkins.assertLogContains("in the outage: ****", build.run());

        qwiet.clearFaults();
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return isCurrently(2);
        });
        SemaphoreStep.success(later + "/1", null);
        WorkflowRun run = jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build.run()));

        jenkins.assertLogContains("CI token \"held\" was renewed", run);
        assertThat(JenkinsRule.getLog(run).split("there has been no valid", -1)).hasSize(2);
        assertThat(seen(run)).startsWith("eyJ");
    }

    private static final String TWENTY = """
            for (int i = 0; i < 20; i++) {
              qwietCiToken(label: "held $i", variable: "TOKEN_$i", orgVariable: "ORG_$i", validFor: 600)
            }
            semaphore 'PAUSE'
            """;

    private long asked() {
        return qwiet.calls(Operation.CREATE);
    }

    private boolean allAreRenewed(WorkflowRun run) {
        return BuildTokens.of(run).orElseThrow().getTokens().stream()
                .filter(TokenRecord::isCurrent)
                .allMatch(token -> token.number() == 2);
    }

    /** With a thousand, it would be a herd. */
    @Test
    void anOutageCostsAsManyCallsForTwentyAsForOneAndAfterItAllAreRenewed() throws Exception {
        Paused build = paused(TWENTY);
        qwiet.faultAlways(Fault.unavailable(Operation.CREATE, null));
        long before = asked();
        pass(Duration.ofSeconds(400));
        passEachSecond(160);

        assertThat(asked() - before).isLessThan(16 + 5 + 160 / 15 + 5);

        qwiet.clearFaults();
        passEachSecond(15 + 16);
        assertThat(allAreRenewed(build.run())).isTrue();
        SemaphoreStep.success(build.pause() + "/1", null);
        WorkflowRun run = jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build.run()));
        jenkins.assertLogNotContains("there has been no valid CI token", run);
        untilTheJanitorHasEndedTheRest();
    }

    /** Those that did not ask yet are told by the answer to others, and wait as long as their tokens allow. */
    @ParameterizedTest
    @ValueSource(strings = {"503", "429"})
    void nobodyAsksBeforeTheTimeThatQwietAskedFor(String status) throws Exception {
        Paused build = paused(TWENTY.replace("600", "1200"));
        qwiet.faultAlways(
                status.equals("503")
                        ? Fault.unavailable(Operation.CREATE, "120")
                        : Fault.tooManyRequests(Operation.CREATE, "120"));
        pass(Duration.ofSeconds(800));
        passEachSecond(3);
        long first = asked();
        passEachSecond(115);
        assertThat(asked()).isEqualTo(first);

        qwiet.clearFaults();
        // What one answer tells all, and revocations, wait by the real clock.
        QwietConnections.get()
                .endWaits(new Organization(
                        ApiAddress.parse(qwiet.address()), qwiet.organization().id()));
        passEachSecond(60);
        assertThat(allAreRenewed(build.run())).isTrue();
        SemaphoreStep.success(build.pause() + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build.run()));
        untilTheJanitorHasEndedTheRest();
    }

    @Test
    void afterAChangeOfSettingsRenewalsWaitNoLonger() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 600) { semaphore 'PAUSE' }");
        qwiet.faultAlways(Fault.unavailable(Operation.CREATE, "3000"));
        pass(Duration.ofSeconds(401));
        jenkins.waitForMessage("could not be renewed yet", build.run());
        passEachSecond(20);
        assertThat(asked()).isEqualTo(2);
        qwiet.clearFaults();

        QwietConfiguration.get().save();

        passEachSecond(3);
        assertThat(isCurrently(2)).isTrue();
        build.goOn(Result.SUCCESS);
        untilTheJanitorHasEndedTheRest();
    }

    /** A request that was not answered may have made a token: another is none the less one too many. */
    @Test
    void makesNoHeapOfTokensWhileQwietDoesNotSayThatItMakesThem() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 3600) { semaphore 'PAUSE' }");
        qwiet.faultAlways(Fault.errorAfter(Operation.CREATE, 504));
        qwiet.faultAlways(Fault.unavailable(Operation.LIST, null));
        pass(Duration.ofSeconds(2401));
        jenkins.waitForMessage("could not be renewed yet", build.run());
        var tries = new AtomicInteger();
        await().pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    pass(Duration.ofSeconds(4));
                    return tries.incrementAndGet() == 160;
                });
        assertThat(qwiet.organization().liveTokens()).hasSizeLessThan(10);

        qwiet.clearFaults();
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return isCurrently(2);
        });
        build.goOn(Result.SUCCESS);
        untilTheJanitorHasEndedTheRest();
    }

    /** Three days of it would be thousands of lines. */
    @Test
    void aLogStaysShortThoughEachRenewalFailsOnce() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 60) { semaphore 'PAUSE' }");
        for (int number = 2; number <= 13; number++) {
            int next = number;
            qwiet.faultAlways(Fault.unavailable(Operation.CREATE, null));
            int asked = qwiet.calls(Operation.CREATE);
            pass(Duration.ofSeconds(41));
            await().until(() -> qwiet.calls(Operation.CREATE) > asked);
            qwiet.clearFaults();
            await().until(() -> {
                pass(Duration.ofSeconds(1));
                return isCurrently(next);
            });
        }
        WorkflowRun run = build.goOn(Result.SUCCESS);

        jenkins.assertLogContains("could not be renewed yet", run);
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.startsWith("Qwiet:")))
                .hasSizeLessThan(16);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsNotRenewedExpiresAndIsNotCalledRevoked(boolean byTheStep) throws Exception {
        QwietConfiguration.get().setRenew(byTheStep);
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 60" + (byTheStep ? ", renew: false" : "")
                + ") { semaphore 'PAUSE' }");

        pass(Duration.ofSeconds(61));

        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(qwiet.organization().minted()).isEqualTo(1);
        jenkins.assertLogContains("CI token \"held\" (id ", run);
        jenkins.assertLogContains(" expired at ", run);
        jenkins.assertLogNotContains("Qwiet: revoked", run);
        assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                .singleElement()
                .satisfies(token -> {
                    assertThat(token.revokedAt()).isNull();
                    assertThat(token.expiredAt()).isNotNull();
                });
        assertThat(Files.readString(run.getRootDir().toPath().resolve("build.xml")))
                .contains("expiredAt=");
    }

    @Test
    void theAuditItsPageAndItsRestShowTheLineAndWhatExpired() throws Exception {
        Paused build = paused("""
                withQwietCiToken(label: 'held', validFor: 60) {
                    withQwietCiToken(label: 'old', variable: 'OLD', validFor: 60, renew: false) { semaphore 'PAUSE' }
                    qwietTokenAudit()
                }
                """);
        pass(Duration.ofSeconds(41));
        await().until(() -> isCurrently(2));
        pass(Duration.ofSeconds(20));

        WorkflowRun run = build.goOn(Result.SUCCESS);

        assertThat(JenkinsRule.getLog(run)).containsPattern("held \\(number 2\\) +\\S+ +in use ");
        assertThat(JenkinsRule.getLog(run)).containsPattern("old +\\S+ +expired 20");
        try (var client = jenkins.createWebClient().withJavaScriptEnabled(false)) {
            List<?> own = client.getJSON(run.getUrl() + "qwiet-tokens/api/json")
                    .getJSONObject()
                    .getJSONObject("report")
                    .getJSONArray("own");
            assertThat(own).extracting("number").contains(2, 1);
            assertThat(own).extracting("life").contains("IN_USE", "EXPIRED");
            assertThat(own)
                    .filteredOn("number", 2)
                    .extracting("line")
                    .doesNotContainNull()
                    .doesNotContain("");
            BuildTokens.of(run)
                    .orElseThrow()
                    .getTokens()
                    .forEach(token -> assertThat(own.toString()).doesNotContain(token.nonce()));
            String page = client.goTo(run.getUrl() + "qwiet-tokens/").asNormalizedText();
            assertThat(page).contains("held (number 2 in turn)", "expired while it was held: 20");
        }
    }

    @Test
    void aBindingWarnsFiveMinutesBefore() throws Exception {
        Paused build = paused(
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'bound')]) { semaphore 'PAUSE' }");

        pass(Duration.ofMinutes(54));
        jenkins.assertLogNotContains("cannot be renewed in this form", build.run());
        pass(Duration.ofMinutes(1));
        pass(Duration.ofSeconds(1));
        jenkins.waitForMessage("expires in 5 minutes, at ", build.run());
        assertThat(qwiet.organization().minted()).isEqualTo(1);

        pass(Duration.ofMinutes(5));
        WorkflowRun run = build.goOn(Result.SUCCESS);
        jenkins.assertLogContains(" expired at ", run);
        jenkins.assertLogNotContains("Qwiet: revoked", run);
    }

    @Test
    void aSuccessorThatComesTooLateIsRevoked() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 60) { semaphore 'PAUSE' }");
        var hold = qwiet.hold(Operation.CREATE);
        pass(Duration.ofSeconds(41));
        hold.awaitArrived(Duration.ofSeconds(30));

        SemaphoreStep.success(build.pause() + "/1", null);
        await().until(() -> qwiet.organization().deleted() == 1);
        hold.release();

        jenkins.waitForCompletion(build.run());
        untilTheJanitorHasEndedTheRest();
    }

    @Test
    void isWithTheAccountThatMintedThoughTheGlobalOneIsAnotherNow() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 60) { semaphore 'PAUSE' }");
        var other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "another", other.serviceAccount());
        QwietConfiguration.get().setCredentialsId("another");
        QwietConfiguration.get().setOrgId(other.id());

        pass(Duration.ofSeconds(41));

        renewedTo(2);
        SemaphoreStep.success(build.pause() + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build.run()));
        assertThat(qwiet.organization().liveTokens()).isEmpty();
        assertThat(other.minted()).isZero();
    }

    @Test
    void isForTheOrganizationThatItWasMintedForThoughTheOneThatIsSetIsAnotherNow() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 60) { semaphore 'PAUSE' }");
        var other = qwiet.addOrganization();
        QwietConfiguration.get().setOrgId(other.id());

        pass(Duration.ofSeconds(41));

        renewedTo(2);
        build.goOn(Result.SUCCESS);
        assertThat(qwiet.organization().liveTokens()).isEmpty();
        assertThat(other.minted()).isZero();
    }

    @Test
    void isWithTheAccountOfTheFolderFromWhichTheJobWasMoved() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "of-the-folder", qwiet.organization().serviceAccount());
        FreeStyleProject job = folder.createProject(FreeStyleProject.class, newName());
        var step = new QwietTokenBuilder("held");
        step.setCredentialsId("of-the-folder");
        step.setValidFor(60);
        job.getBuildersList().add(step);
        job.getBuildersList()
                .add(new Shell("touch waiting; for i in $(seq 600); do [ -e go ] && exit; sleep 0.1; done"));
        var run = job.scheduleBuild2(0).waitForStart();
        await().until(() -> run.getWorkspace() != null
                && run.getWorkspace().child("waiting").exists());
        Items.move(job, jenkins.jenkins);

        pass(Duration.ofSeconds(41));

        try {
            await().until(() -> BuildTokens.of(run).orElseThrow().getTokens().stream()
                    .anyMatch(token -> token.isCurrent() && token.number() == 2));
        } finally {
            run.getWorkspace().child("go").write("", null);
        }
        await().until(() -> !run.isBuilding());
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    @Test
    void aSuccessorOnItsWayBreaksNoRuleOfAnAudit() throws Exception {
        Paused build = paused("""
                withQwietCiToken(label: 'held', validFor: 60) {
                  semaphore 'PAUSE'
                  qwietTokenAudit(ownTokenLive: 'FAIL')
                }
                """);
        Hold create = qwiet.hold(Operation.CREATE);
        pass(Duration.ofSeconds(41));
        create.awaitArrived(Duration.ofSeconds(30));
        Hold list = qwiet.hold(Operation.LIST);
        SemaphoreStep.success(build.pause() + "/1", null);
        list.awaitArrived(Duration.ofSeconds(30));
        create.release();
        await().until(() -> qwiet.organization().minted() == 2);
        list.release();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build.run()));
    }

    /** What dies in one branch is nothing to another. */
    @Test
    void aBlockWithALivingTokenSeesNoDeadOneOfAnotherBranch() throws Exception {
        Paused build = paused("""
                parallel a: { node { withQwietCiToken(label: 'block') { env.OPEN = 'yes'
                    semaphore 'PAUSE'
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                    archiveArtifacts 'seen' } } },
                  b: { waitUntil(initialRecurrencePeriod: 100) { env.OPEN == 'yes' }
                    qwietCiToken(label: 'rest', validFor: 60, renew: false)
                    echo 'b is through' }
                """);
        jenkins.waitForMessage("b is through", build.run());
        pass(Duration.ofSeconds(90));
        String living = token("block").value();
        SemaphoreStep.success(build.pause() + "/1", null);
        WorkflowRun run = jenkins.waitForCompletion(build.run());
        assertThat(seen(run)).isEqualTo(living);
    }
}
