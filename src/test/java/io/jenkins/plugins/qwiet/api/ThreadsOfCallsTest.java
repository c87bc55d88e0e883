package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Dispatcher;
import org.junit.jupiter.api.Test;

/** "unable to create native thread": the limit of a container, for a moment. */
class ThreadsOfCallsTest {
    @Test
    void aCallForWhichThereIsNoThreadWasNotSent() throws Exception {
        var threads = HttpClientFactory.threads(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        try (var clients = new QwietClients(
                Clock.systemUTC(),
                System::nanoTime,
                new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1)),
                (task, delay) -> () -> {},
                settings -> new Transport(HttpClientFactory.client(settings)
                        .dispatcher(new Dispatcher(threads))
                        .build()))) {
            QwietClient client = clients.client(
                    new ConnectionSettings(Duration.ofSeconds(2), Duration.ofSeconds(4), null, "t"),
                    new Organization(
                            ApiAddress.parse("https://qwiet.example/api/v4"), "0d1c2b3a-0000-4000-8000-000000000001"),
                    SecretText.of("bearer-0123456789"));

            Outcome<MintedToken> outcome = client.create(new NewToken("label", "description", Duration.ofHours(1)))
                    .get(10, TimeUnit.SECONDS);

            assertThat(outcome).isInstanceOf(Outcome.NotSent.class);
        }
    }

    @Test
    void aCallThatIsToWaitAndFindsNoThreadHasAnAnswer() {
        var retries = new Retries(
                new RetryLimits(2, Duration.ofMillis(1), Duration.ofSeconds(10)), System::nanoTime, (task, delay) -> {
                    throw new OutOfMemoryError("unable to create native thread");
                });

        CompletableFuture<Outcome<String>> answer =
                retries.on(Duration.ofSeconds(1), Retries::wasPutOff, retry -> {}, () -> new CompletableFuture<>());

        assertThat(answer).isCompletedExceptionally();
    }
}
