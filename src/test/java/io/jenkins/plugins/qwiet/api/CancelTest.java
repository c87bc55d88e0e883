package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** How a call ends before its time. */
class CancelTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @RegisterExtension
    private final OverFake over = new OverFake();

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ANY")
    void aCancelledCallEndsAtOnce(Operation operation) {
        var hold = over.fake.hold(operation);
        var client = over.client();
        CompletableFuture<?> call =
                switch (operation) {
                    case CREATE -> client.create(OverFake.TOKEN);
                    case LIST -> client.list(ListQuery.LIVE, token -> {});
                    case DELETE -> client.delete("any");
                    case SCOPES, ANY -> client.myScopes();
                };
        hold.awaitArrived(SOON);
        assertThat(over.http.runningCalls()).isEqualTo(1);
        call.cancel(true);
        assertThat(call).isCancelled();
        await().atMost(SOON).until(() -> over.http.runningCalls() == 0);
        assertThat(over.fake.calls(operation)).isEqualTo(1);
    }

    @Test
    void aCancelledWaitEndsAtOnce() {
        var waiting = new CopyOnWriteArrayList<Duration>();
        Later never = (task, delay) -> {
            waiting.add(delay);
            return () -> waiting.remove(delay);
        };
        var secret = SecretText.of(over.organization.serviceAccount());
        var client = new OkHttpQwietClient(
                new HttpCalls(
                        over.http,
                        new ResponseReader(over.clock, secret),
                        over.serverClock,
                        System::nanoTime,
                        never,
                        SOON),
                new Retries(OverFake.LIMITS, System::nanoTime, never),
                new Organization(ApiAddress.parse(over.fake.address()), over.organization.id()),
                secret,
                ConnectionSettings.defaults(),
                new Patience(System::nanoTime));
        over.fake.faultAlways(Fault.tooManyRequests(Operation.CREATE, "50"));
        var call = client.create(OverFake.TOKEN);
        await().atMost(SOON).until(() -> waiting.contains(Duration.ofSeconds(50)));
        call.cancel(true);
        assertThat(call).isCancelled();
        assertThat(waiting).isEmpty();
        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(1);
    }

    @Test
    void closingEndsAWait() {
        over.fake.faultAlways(Fault.tooManyRequests(Operation.CREATE, "50"));
        var clients = new QwietClients(over.clock);
        var organization = new Organization(ApiAddress.parse(over.fake.address()), over.organization.id());
        var waits = new CompletableFuture<Retry>();
        var call = clients.client(
                        ConnectionSettings.defaults(), organization, SecretText.of(over.organization.serviceAccount()))
                .create(OverFake.TOKEN, waits::complete);
        assertThat(waits).succeedsWithin(SOON);
        clients.close();
        assertThat(call.orTimeout(10, TimeUnit.SECONDS).join()).isInstanceOf(NotSent.class);
        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(1);
    }
}
