package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvnet.hudson.test.TestExtension;

/** Some builds cannot be saved for a while: a plugin that listens hangs, or the mount of a folder's builds does. */
class SlowSavesTest extends OnJenkins {
    private static final int BUILDS = 5;

    @AfterEach
    void letGo() {
        Slow.SLOW.clear();
        Slow.gate.countDown();
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void buildsOfOthersGoOn() throws Exception {
        List<Paused> slow = new ArrayList<>();
        Hold hold = qwiet.hold(Operation.DELETE);
        for (int i = 0; i < BUILDS; i++) {
            slow.add(paused("withQwietCiToken(label: 'slow') { echo 'within' }\nsemaphore 'PAUSE'"));
        }
        hold.awaitArrived(BUILDS, Duration.ofSeconds(30));
        Slow.gate = new CountDownLatch(1);
        slow.forEach(each -> Slow.SLOW.add(each.run()));
        hold.release();
        await().until(() -> Slow.STUCK.get() >= BUILDS);

        WorkflowRun other = job("withQwietCiToken(label: 'other') { echo 'within' }")
                .scheduleBuild2(0)
                .waitForStart();
        await().atMost(Duration.ofSeconds(40)).until(() -> !other.isBuilding());

        letGo();
        for (Paused each : slow) {
            each.goOn(Result.SUCCESS);
        }
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    @TestExtension
    public static class Slow extends SaveableListener {
        static final Set<Run<?, ?>> SLOW = ConcurrentHashMap.newKeySet();
        static final AtomicInteger STUCK = new AtomicInteger();
        static volatile CountDownLatch gate = new CountDownLatch(1);

        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof Run<?, ?> run && SLOW.contains(run)) {
                STUCK.incrementAndGet();
                try {
                    gate.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
