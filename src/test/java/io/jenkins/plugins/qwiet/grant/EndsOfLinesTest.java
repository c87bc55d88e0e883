package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Saveable;
import hudson.model.User;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** When a line of tokens is not renewed, or not yet, and what the log says of it. */
class EndsOfLinesTest extends OnOneClock {
    private boolean isCurrently(WorkflowRun run, int number) {
        return BuildTokens.of(run).stream()
                .flatMap(tokens -> tokens.getTokens().stream())
                .anyMatch(token -> token.isCurrent() && token.number() == number);
    }

    private long asked() {
        return qwiet.calls(Operation.CREATE);
    }

    /** What another took the place of is not held, and nobody tried to renew it. */
    @Test
    void aSupersededTokenThatDiesIsNotSaidToHaveFailedToRenew() throws Exception {
        Paused build = paused("""
                parallel long: { semaphore 'PAUSE' }, quick: {
                  qwietCiToken(label: 'older', validFor: 60)
                  qwietCiToken(label: 'newer', validFor: 3600)
                  echo 'quick is through'
                }
                """);
        jenkins.waitForMessage("quick is through", build.run());
        pass(Duration.ofSeconds(90));
        WorkflowRun run = build.goOn(Result.SUCCESS);

        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.contains("\"older\"")))
                .noneMatch(line -> line.contains("could not be renewed in time"))
                .noneMatch(line -> line.contains("while it was held"));
    }

    /** Somebody logs in, or a folder is indexed: that changes nothing for Qwiet, which asked to wait. */
    @ParameterizedTest
    @ValueSource(strings = {"user", "folder", "folder of the job"})
    void whatIsNoSettingDoesNotEndWhatQwietAskedToWait(String saved) throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        User user = User.getById("somebody", true);
        String held = "withQwietCiToken(label: 'held', validFor: 3600) { semaphore 'PAUSE' }";
        Paused build = saved.equals("folder of the job")
                ? paused(folder.createProject(WorkflowJob.class, newName()), held)
                : paused(held);
        qwiet.faultAlways(Fault.unavailable(Operation.CREATE, "1000"));
        pass(Duration.ofSeconds(2401));
        jenkins.waitForMessage("could not be renewed yet", build.run());
        passEachSecond(20);
        long before = asked();

        for (int i = 0; i < 5; i++) {
            if (saved.equals("user")) {
                user.setDescription("logged in " + i);
                user.save();
            } else {
                folder.save();
            }
            passEachSecond(4);
        }
        long after = asked();
        qwiet.clearFaults();
        QwietConfiguration.get().save();
        passEachSecond(3);
        build.goOn(Result.SUCCESS);
        untilTheJanitorHasEndedTheRest();
        assertThat(after).isEqualTo(before);
    }

    /** README: "Stop and kill the build, or revoke them there". */
    @Test
    void whatAnAdministratorRevokesIsNotMintedAgain() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 60) { semaphore 'PAUSE' }");
        pass(Duration.ofSeconds(41));
        await().until(() -> isCurrently(build.run(), 2));
        TokenRecord current = BuildTokens.of(build.run()).orElseThrow().getTokens().stream()
                .filter(token -> token.number() == 2)
                .findFirst()
                .orElseThrow();
        Lease lease =
                JenkinsLeases.get().leasing().store().find(current.nonce()).orElseThrow();
        TokenRevoker.recall(List.of(lease)).get();
        await().until(() -> !isCurrently(build.run(), 2));

        passEachSecond(15);
        long minted = qwiet.organization().minted();
        build.goOn(Result.SUCCESS);
        assertThat(minted).isEqualTo(2);
    }

    /** With each of many tokens the build's file is larger, and whoever revokes them all waits for it. */
    @Test
    void manyTokensOfABuildEndWithOneSaveOfIt() throws Exception {
        Paused build = paused(
                "for (int i = 1; i <= 20; i++) { qwietCiToken(label: \"t$i\", variable: \"T$i\") }; semaphore 'PAUSE'");
        Thread here = Thread.currentThread();
        var saves = new AtomicInteger();
        var counting = new SaveableListener() {
            @Override
            public void onChange(Saveable saved, XmlFile file) {
                if (saved == build.run() && Thread.currentThread() == here) {
                    saves.incrementAndGet();
                }
            }
        };
        SaveableListener.all().add(counting);
        try {
            TokenRevoker.recall(JenkinsLeases.get().leasing().store().leases()).get();
        } finally {
            SaveableListener.all().remove(counting);
        }

        assertThat(saves).hasValue(1);
        assertThat(qwiet.organization().liveTokens()).isEmpty();
        build.goOn(Result.SUCCESS);
    }

    @Test
    void whatIsNotRenewedAsTheGlobalSettingsWantItIsNotSaidToBeTried() throws Exception {
        QwietConfiguration.get().setRenew(false);
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 60) { semaphore 'PAUSE' }");
        pass(Duration.ofSeconds(61));
        pass(Duration.ofSeconds(1));
        WorkflowRun run = build.goOn(Result.SUCCESS);
        jenkins.assertLogNotContains("keeps trying", run);
        jenkins.assertLogNotContains("could not be renewed in time", run);
    }
}
