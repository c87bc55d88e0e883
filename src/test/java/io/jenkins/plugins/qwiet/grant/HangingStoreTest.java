package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Job;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.SecretStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestExtension;

/** A store of secrets that takes a minute to answer, or never does. */
class HangingStoreTest extends OnJenkins {
    @Test
    void aJobCanBeDeletedThoughNobodyAnswers() throws Exception {
        SecretStore.put(qwiet.organization().serviceAccount());
        try {
            Paused held = paused(
                    "withQwietCiToken(credentialsId: '" + SecretStore.ID + "', label: 'held') { semaphore 'PAUSE' }");
            SecretStore.hesitate();
            held.goOn(Result.SUCCESS);
            Job<?, ?> job = held.run().getParent();

            CompletableFuture<Void> deletion = CompletableFuture.runAsync(() -> {
                try {
                    job.delete();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(deletion).succeedsWithin(Duration.ofSeconds(30));
        } finally {
            SecretStore.answer();
            await().untilAsserted(() -> {
                JenkinsLeases.get().janitor().sweepAll();
                assertThat(qwiet.organization().liveTokens()).isEmpty();
            });
            SecretStore.empty();
        }
    }

    @TestExtension
    public static class Store extends SecretStore {}
}
