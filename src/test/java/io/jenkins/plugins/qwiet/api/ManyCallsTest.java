package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ManyCallsTest {
    /** In the rhythm of its connections' keep-alive, OkHttp looks for one to close. */
    private static final Logger TASKS = Logger.getLogger("okhttp3.internal.concurrent.TaskRunner");

    @RegisterExtension
    private final OverFake over = new OverFake();

    /** OkHttp, left alone, makes five calls to a host at once. */
    @Test
    void aHundredCallsAreMadeAtOnce() {
        over.fake.latency(Duration.ofMillis(200));
        var hold = over.fake.hold(Operation.CREATE);
        var calls = IntStream.range(0, 100)
                .mapToObj(i -> over.client().create(OverFake.TOKEN))
                .toList();
        hold.awaitArrived(100, Duration.ofSeconds(20));
        hold.release();
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();

        assertThat(over.fake.mostCallsAtOnce()).isEqualTo(100);
        assertThat(calls).allSatisfy(call -> assertThat(call.join()).isInstanceOf(Outcome.Done.class));
        assertThat(over.organization.liveTokens()).hasSize(100);
    }

    /** Nothing is done again and again while Qwiet takes its time. */
    @Test
    void aCreationOnlyWaits() {
        var count = new AtomicInteger();
        var counting = new StreamHandler() {
            @Override
            public void publish(LogRecord task) {
                count.incrementAndGet();
            }
        };
        counting.setLevel(Level.ALL);
        TASKS.addHandler(counting);
        TASKS.setLevel(Level.FINE);
        TASKS.setUseParentHandlers(false);
        try {
            over.fake.latency(Duration.ofMillis(200));
            assertThat(over.client().create(OverFake.TOKEN).join()).isInstanceOf(Outcome.Done.class);
        } finally {
            TASKS.removeHandler(counting);
            TASKS.setLevel(null);
            TASKS.setUseParentHandlers(true);
        }
        assertThat(count).hasValueBetween(1, 20);
    }
}
