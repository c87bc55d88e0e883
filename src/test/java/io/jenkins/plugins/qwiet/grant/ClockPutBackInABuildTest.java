package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.qwiet.config.Lifetime;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.TestBuilder;

/** The clock of Jenkins is put back while a build runs: its tokens seem to be older than it is. */
class ClockPutBackInABuildTest extends WithQwiet {
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch disk = new CountDownLatch(1);

    @AfterEach
    void end() {
        disk.countDown();
        goOn.countDown();
        JenkinsLeases.get().setTime(null);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 60})
    void aTokenIsNotRevokedBeforeItIsGiven(long minutesBack) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var started = new CountDownLatch(1);
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                    throws InterruptedException {
                started.countDown();
                return goOn.await(1, TimeUnit.MINUTES);
            }
        });
        FreeStyleBuild run = job.scheduleBuild2(0).waitForStart();
        started.await();
        JenkinsLeases.get().setTime(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-minutesBack)));
        var slow = new OutputStream() {
            @Override
            public void write(int b) {
                try {
                    disk.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        qwiet.fault(Fault.unavailable(Operation.CREATE, "1"));
        CompletableFuture<IssuedToken> token = new TokenIssuer(run, new StreamTaskListener(slow))
                .issue(new TokenRequest("scan", null, null, null, null, null, Lifetime.of(600)));
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).hasSize(1));
        var leasing = JenkinsLeases.get().leasing();
        await().until(() -> leasing.store().ofBuild(run.getExternalizableId()).stream()
                .anyMatch(lease -> lease.tokenId() != null && !leasing.isMinting(lease.nonce())));
        JenkinsLeases.get().janitor().sweepAll().get();
        disk.countDown();
        token.get(1, TimeUnit.MINUTES);
        assertThat(qwiet.organization().liveTokens())
                .as("given to a running build")
                .hasSize(1);
        assertThat(leasing.isOnItsWay(token.join().nonce)).isFalse();
        goOn.countDown();
        jenkins.waitForCompletion(run);
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }
}
