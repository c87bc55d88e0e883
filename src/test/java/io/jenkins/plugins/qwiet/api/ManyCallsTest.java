package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ManyCallsTest {
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
}
