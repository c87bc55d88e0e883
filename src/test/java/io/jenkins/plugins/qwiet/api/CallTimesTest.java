package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever watches calls is told how long each request took, and nothing of what was no request. */
class CallTimesTest {
    private record Told(CallWatcher.Operation operation, Duration time) {}

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final FakeQwiet qwiet = FakeQwiet.start();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final OneThread own = new OneThread();

    /** Whose pauses are over at once, and count. */
    private final QwietClients clients = new QwietClients(
            Clock.systemUTC(),
            nanos::get,
            new RetryLimits(1, PAUSE, Duration.ofMinutes(2)),
            (task, delay) -> {
                if (delay.equals(PAUSE)) {
                    nanos.addAndGet(delay.toNanos());
                    return own.schedule(task, Duration.ZERO);
                }
                return own.schedule(task, delay);
            },
            HttpClientFactory::of);

    private final QwietClient client = client(qwiet.address());

    private QwietClient client(String address) {
        return clients.client(
                new ConnectionSettings(Duration.ofSeconds(2), Duration.ofSeconds(5), null, "test"),
                new Organization(ApiAddress.parse(address), qwiet.organization().id()),
                SecretText.of(qwiet.organization().serviceAccount()));
    }

    private void watch() {
        clients.watch((operation, time) -> told.add(new Told(operation, Duration.ofNanos(time))));
    }

    @AfterEach
    void close() {
        clients.close();
        own.close();
        qwiet.close();
    }

    @Test
    void ofEachOperationWhicheverClientThereWasBefore() {
        watch();
        client.create(OverFake.TOKEN).join();
        client.list(QwietClient.ListQuery.LIVE, token -> {}).join();
        client.delete(qwiet.organization().liveTokens().get(0).id()).join();
        client.myScopes().join();

        assertThat(told)
                .extracting(Told::operation)
                .containsExactly(
                        CallWatcher.Operation.CREATE,
                        CallWatcher.Operation.LIST,
                        CallWatcher.Operation.DELETE,
                        CallWatcher.Operation.SCOPES);
    }

    @Test
    void ofARefusalAndOfACutToo() {
        watch();
        qwiet.fault(Fault.status(Operation.CREATE, 403, "FORBIDDEN", "no"));
        client.create(OverFake.TOKEN).join();
        qwiet.fault(Fault.cutAfter(Operation.CREATE));
        client.create(OverFake.TOKEN).join();

        assertThat(told).hasSize(2);
    }

    @Test
    void thePauseBeforeASecondTryIsNoneOfTheirs() {
        watch();
        qwiet.fault(Fault.tooManyRequests(Operation.CREATE, null));

        assertThat(client.create(OverFake.TOKEN).join()).isInstanceOf(Outcome.Done.class);

        assertThat(nanos.get()).isEqualTo(PAUSE.toNanos());
        assertThat(told).hasSize(2).extracting(Told::time).containsOnly(Duration.ZERO);
    }

    @Test
    void fromTheMomentWhenItIsSent() {
        watch();
        var hold = qwiet.hold(Operation.SCOPES);
        var call = client.myScopes();
        hold.awaitArrived(Duration.ofSeconds(20));
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        hold.release();
        call.join();

        assertThat(told).singleElement().extracting(Told::time).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void notWhereNothingWasSent() {
        watch();
        qwiet.close();

        assertThat(client(qwiet.address()).delete("an-id").join()).isInstanceOf(Outcome.NotSent.class);

        assertThat(told).isEmpty();
    }

    @Test
    void notOfACallThatNobodyWaitsFor() {
        watch();
        var hold = qwiet.hold(Operation.CREATE);
        var call = client.create(OverFake.TOKEN);
        hold.awaitArrived(Duration.ofSeconds(20));
        call.cancel(true);
        hold.release();
        await().until(() -> qwiet.organization().minted() == 1);
        client.myScopes().join();

        assertThat(told).extracting(Told::operation).containsExactly(CallWatcher.Operation.SCOPES);
    }
}
