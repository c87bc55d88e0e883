package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.Dialect;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What the log says of renewals is true of the build that goes on, and of what Qwiet named. */
class WordsOfRenewalTest extends OnOneClock {
    private static String lines(WorkflowRun run) throws Exception {
        return JenkinsRule.getLog(run)
                .lines()
                .filter(line -> line.startsWith("Qwiet: "))
                .collect(Collectors.joining("\n"));
    }

    /** Issue 14, 3: "Log and pages say 'expires at …' only of what Qwiet said, and otherwise that Qwiet named no end." */
    @Test
    void aRenewedTokenOfWhichQwietNamedNoEndIsNotSaidToExpireAtSomeTime() throws Exception {
        qwiet.speak(Dialect.TERSE, new Random(1));
        Paused build = paused("withQwietCiToken(label: 'endless', validFor: 60) { semaphore 'PAUSE' }");
        pass(Duration.ofSeconds(41));
        await().until(() -> qwiet.organization().minted() == 2);
        await().until(() -> JenkinsRule.getLog(build.run()).contains("was renewed"));
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(lines(run)).contains("Qwiet named no expiry").doesNotContain("expires at 2");
    }

    @Test
    void aTokenWithoutEndThatCannotBeRenewedIsNotSaidToBeValidUntilSomeTime() throws Exception {
        qwiet.speak(Dialect.TERSE, new Random(1));
        Paused build = paused("withQwietCiToken(label: 'endless', validFor: 60) { semaphore 'PAUSE' }");
        qwiet.faultAlways(Fault.status(Operation.CREATE, 403, "FORBIDDEN", "no scope"));
        pass(Duration.ofSeconds(41));
        await().until(() -> JenkinsRule.getLog(build.run()).contains("could not be renewed"));
        pass(Duration.ofSeconds(60));
        await().until(() -> JenkinsRule.getLog(build.run()).contains("may no longer be valid"));
        qwiet.clearFaults();
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(lines(run)).doesNotContain("It is valid until 2").doesNotContain("there has been no valid CI token");
    }

    @Test
    void aTokenWithoutEndInAFixedVariableIsNotSaidToExpire() throws Exception {
        qwiet.speak(Dialect.TERSE, new Random(1));
        Paused build = paused(
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'fixed', variable: 'T', validFor: 600)]) { semaphore 'PAUSE' }");
        pass(Duration.ofSeconds(500));
        pass(Duration.ofSeconds(1));
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(lines(run)).contains("revoked").doesNotContain("expires in");
    }

    /** The build has a token that is good for 20 more seconds. */
    @Test
    void aRenewalThatIsTurnedAwaySaysWhatIsTrueOfTheRunningBuild() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'away', validFor: 60) { semaphore 'PAUSE' }");
        qwiet.faultAlways(Fault.status(Operation.CREATE, 429, "RATE_LIMITED", "Too many"));
        pass(Duration.ofSeconds(41));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> JenkinsRule.getLog(build.run()).contains("could not be renewed"));
        qwiet.clearFaults();
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(lines(run)).doesNotContain("No CI token is available").doesNotContain("build again");
    }

    /** Qwiet turned the first away and asked to wait: the second build is not to look at its network. */
    @Test
    void aMintThatWaitsSinceQwietAskedToIsNotSaidToBeTheNetworks() throws Exception {
        qwiet.faultAlways(Fault.tooManyRequests(Operation.CREATE, "600"));
        WorkflowRun first = build(Result.FAILURE, "withQwietCiToken(label: 'one') { echo 'in it' }");
        WorkflowRun second = build(Result.FAILURE, "withQwietCiToken(label: 'two') { echo 'in it' }");
        String log = JenkinsRule.getLog(first) + JenkinsRule.getLog(second);
        qwiet.clearFaults();
        assertThat(log).doesNotContain("Check the API URL, the proxy and the network");
    }
}
