package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Job;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.SecretStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.TestExtension;

/** A store of secrets that takes a minute to answer, or never does. */
class HangingStoreTest extends OnJenkins {
    @BeforeEach
    void fill() {
        SecretStore.put(qwiet.organization().serviceAccount());
    }

    @AfterEach
    void empty() {
        qwiet.clearFaults();
        SecretStore.answer();
        await().untilAsserted(() -> {
            JenkinsLeases.get().janitor().sweepAll();
            assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty();
        });
        SecretStore.empty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(credentialsId: '" + SecretStore.ID + "') { semaphore 'PAUSE' }",
                "qwietCiToken(credentialsId: '" + SecretStore.ID + "')\nsemaphore 'PAUSE'",
                "withCredentials([qwietAccessToken(credentialsId: '" + SecretStore.ID + "')]) { semaphore 'PAUSE' }"
            })
    void aTokenGoesWithItsBuildThoughNobodyAnswers(String script) throws Exception {
        Paused held = paused(script);
        SecretStore.hesitate();

        held.goOn(Result.SUCCESS);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    @Test
    void aJobCanBeDeletedThoughNobodyAnswers() throws Exception {
        Paused held = paused(
                "withQwietCiToken(credentialsId: '" + SecretStore.ID + "', label: 'held') { semaphore 'PAUSE' }");
        qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        held.goOn(Result.SUCCESS);
        SecretStore.hesitate();
        qwiet.clearFaults();
        Job<?, ?> job = held.run().getParent();

        assertThat(deletion(job)).succeedsWithin(Duration.ofSeconds(30));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    private static CompletableFuture<Void> deletion(Job<?, ?> job) {
        return CompletableFuture.runAsync(() -> {
            try {
                job.delete();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @TestExtension
    public static class Store extends SecretStore {}
}
