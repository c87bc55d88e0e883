package io.jenkins.plugins.qwiet.api;

import static io.jenkins.plugins.qwiet.fake.Operation.ANY;
import static io.jenkins.plugins.qwiet.fake.Operation.CREATE;
import static io.jenkins.plugins.qwiet.fake.Operation.DELETE;
import static io.jenkins.plugins.qwiet.fake.Operation.LIST;
import static io.jenkins.plugins.qwiet.fake.Operation.SCOPES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault by name: what the client makes of it, and how often it sent the call. */
class QwietClientFaultsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    private final OverFake over = new OverFake();

    private Outcome<?> call(Operation operation, QwietClient client) {
        CompletableFuture<? extends Outcome<?>> call =
                switch (operation) {
                    case CREATE -> client.create(OverFake.TOKEN);
                    case LIST -> client.list(ListQuery.LIVE, token -> {});
                    case DELETE ->
                        client.delete(
                                over.organization.add("x", "", null, "access").id());
                    case SCOPES, ANY -> client.myScopes();
                };
        return call.join();
    }

    private Outcome<?> call(Operation operation) {
        return call(operation, over.client());
    }

    // Refused.

    @ParameterizedTest
    @CsvSource({"400, VALIDATION_FAILED", "401, UNAUTHORIZED", "403, FORBIDDEN", "404, NOT_FOUND", "409, CONFLICT"})
    void aRefusalComesInQwietsWords(int status, String code) {
        over.fake.faultAlways(Fault.status(CREATE, status, code, "no, because", "label: this", "label: that"));
        assertThat(call(CREATE))
                .isEqualTo(new Refused<>(status, code, "no, because", List.of("label: this", "label: that")));
        assertThat(over.fake.calls(CREATE)).isEqualTo(1);
        assertThat(over.organization.minted()).isZero();
    }

    @Test
    void aRefusalInLargeOrHostileWordsIsCutToAMessage() {
        over.fake.fault(Fault.status(CREATE, 400, "BAD", "a\nb" + "x".repeat(5000)));
        assertThat(call(CREATE))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.message()).startsWith("a bx").hasSizeLessThan(1100));
    }

    @ParameterizedTest
    @CsvSource({"401", "403", "404", "409"})
    void aRefusalOfAProxyIsToldFromOneOfQwiet(int status) {
        over.fake.faultAlways(Fault.html(ANY, status));
        for (Operation operation : List.of(CREATE, LIST, DELETE, SCOPES)) {
            assertThat(call(operation))
                    .isEqualTo(new Unsure<>(
                            "HTTP " + status + " from something that is not Qwiet's API", Cause.INDETERMINATE));
        }
    }

    @Test
    void onlyQwietsOwn404MeansThatATokenIsGone() {
        assertThat(over.client().delete(UUID.randomUUID().toString()).join()).isEqualTo(new Done<>(false));
        over.fake.fault(Fault.html(DELETE, 404));
        assertThat(call(DELETE)).isInstanceOf(Unsure.class);
    }

    // Unsure.

    private static Stream<Arguments> unsure() {
        return Stream.of(CREATE, LIST, DELETE, SCOPES)
                .flatMap(operation -> Stream.of(
                        arguments(Fault.status(operation, 500, "INTERNAL", "broken"), operation),
                        arguments(Fault.html(operation, 502), operation),
                        arguments(Fault.unavailable(operation, null), operation),
                        arguments(Fault.unavailable(operation, "soon"), operation),
                        arguments(Fault.cutBefore(operation), operation),
                        arguments(Fault.cutAfter(operation), operation),
                        arguments(Fault.cutDuringBody(operation), operation),
                        arguments(Fault.garbage(operation), operation),
                        arguments(Fault.truncatedJson(operation), operation),
                        arguments(Fault.html(operation, 200), operation),
                        arguments(Fault.errorAfter(operation, 500), operation)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsure")
    void nobodyKnowsAndNoCreationIsSentTwice(Fault fault, Operation operation) {
        var client = over.client();
        client.myScopes().join();
        int before = over.fake.calls(operation);
        over.fake.faultAlways(fault);
        Outcome<?> outcome = call(operation, client);
        assertThat(outcome).isInstanceOf(Unsure.class);
        int most = operation != CREATE && fault.toString().startsWith("cut") ? 2 : 1;
        assertThat(over.fake.calls(operation) - before).isEqualTo(most);
        assertThat(over.delays()).isEmpty();
    }

    private static Stream<Arguments> slow() {
        return Stream.of(CREATE, LIST, DELETE, SCOPES)
                .flatMap(operation -> Stream.of(
                        arguments(Fault.slowHeaders(operation, LONG), operation),
                        arguments(Fault.slowBody(operation, LONG), operation)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slow")
    void aCallTakesNoLongerThanItMay(Fault fault, Operation operation) {
        var hasty = HttpClientFactory.of(OverFake.settings(Duration.ofMillis(300)));
        over.fake.faultAlways(fault);
        assertThat(call(operation, over.client(hasty, over.fake.address())))
                .isEqualTo(new Unsure<>("no response from 127.0.0.1 in time", Cause.UNREACHABLE));
        assertThat(over.fake.calls(operation)).isEqualTo(1);
        assertThat(over.organization.minted()).isEqualTo(operation == CREATE ? 1 : 0);
        hasty.close();
    }

    @ParameterizedTest
    @CsvSource({"CREATE", "SCOPES"})
    void fiftyMegabytesAreNotRead(Operation operation) {
        over.fake.faultAlways(Fault.huge(operation, 50_000_000));
        assertThat(call(operation))
                .isEqualTo(new Unsure<>("the response from 127.0.0.1 is too large", Cause.INDETERMINATE));
        assertThat(over.fake.calls(operation)).isEqualTo(1);
    }

    @Test
    void aListMayHaveFiftyMegabytes() {
        over.organization.add("x", "", null, "access");
        over.fake.faultAlways(Fault.huge(LIST, 50_000_000));
        assertThat(call(LIST)).isEqualTo(new Done<>(new Listed(1, true)));
    }

    @Test
    void aTakerThatFailsLeavesTheListUnsure() {
        over.organization.add("x", "", null, "access");
        var outcome = over.client()
                .list(ListQuery.LIVE, token -> {
                    throw new IllegalStateException("disk full");
                })
                .join();
        assertThat(outcome).isEqualTo(new Unsure<>("the call to 127.0.0.1 failed (IllegalStateException)"));
    }

    // Not sent.

    @Test
    void waitsExactlyAsLongAsItIsTold() {
        over.fake.fault(Fault.tooManyRequests(CREATE, "7"));
        over.fake.fault(Fault.tooManyRequests(CREATE, "3"));
        over.fake.fault(Fault.tooManyRequests(CREATE, "Mon, 03 Aug 2026 10:00:20 GMT"));
        assertThat(call(CREATE)).isInstanceOf(Done.class);
        assertThat(over.delays()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(3), Duration.ofSeconds(20));
        assertThat(over.fake.calls(CREATE)).isEqualTo(4);
        assertThat(over.organization.minted()).isEqualTo(1);
    }

    /** Not only of interest to the hasty: OkHttp has ideas of its own about no delay. */
    @Test
    void triesAgainAtOnceIfItMay() {
        over.fake.fault(Fault.tooManyRequests(CREATE, "0"));
        over.fake.fault(Fault.tooManyRequests(CREATE, "Mon, 03 Aug 2026 09:00:00 GMT"));
        assertThat(call(CREATE)).isInstanceOf(Done.class);
        assertThat(over.fake.calls(CREATE)).isEqualTo(3);
        assertThat(over.organization.minted()).isEqualTo(1);
    }

    @Test
    void waitsLongerEachTimeIfItIsNotTold() {
        over.fake.faultAlways(Fault.tooManyRequests(CREATE, null));
        assertThat(call(CREATE)).isInstanceOf(NotSent.class);
        assertThat(over.delays())
                .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
    }

    @ParameterizedTest
    @CsvSource({"CREATE", "LIST", "DELETE", "SCOPES"})
    void givesUpAfterItsRetries(Operation operation) {
        over.fake.faultAlways(Fault.tooManyRequests(operation, "1"));
        assertThat(call(operation)).isInstanceOfSatisfying(NotSent.class, notSent -> {
            assertThat(notSent.reason()).contains("429");
            assertThat(notSent.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        });
        assertThat(over.fake.calls(operation)).isEqualTo(1 + OverFake.LIMITS.retries());
    }

    @Test
    void saysBeforeEachNewTryWhyAndWhenItComes() {
        over.fake.faultAlways(Fault.tooManyRequests(CREATE, null));
        List<Retry> told = new ArrayList<>();
        Outcome<MintedToken> outcome =
                over.client().create(OverFake.TOKEN, told::add).join();
        assertThat(told)
                .extracting(Retry::after)
                .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
        assertThat(told).extracting(Retry::reason).containsOnly(outcome.reason());
    }

    @Test
    void doesNotWaitLongerThanItMay() {
        over.fake.faultAlways(Fault.tooManyRequests(CREATE, "61"));
        assertThat(call(CREATE))
                .isInstanceOfSatisfying(
                        NotSent.class,
                        notSent -> assertThat(notSent.retryAfter()).isEqualTo(Duration.ofSeconds(61)));
        assertThat(over.fake.calls(CREATE)).isEqualTo(1);
        assertThat(over.delays()).isEmpty();
    }

    /** In real time: 1 s fits into 1.5 s once. */
    @Test
    void neverAsksSoonerThanItIsTold() {
        over.fake.faultAlways(Fault.tooManyRequests(CREATE, "1"));
        var limits = new RetryLimits(5, Duration.ofMillis(10), Duration.ofMillis(1500));
        try (var clients = new QwietClients(over.clock, limits)) {
            var organization = new Organization(ApiAddress.parse(over.fake.address()), over.organization.id());
            var client = clients.client(
                    ConnectionSettings.defaults(), organization, SecretText.of(over.organization.serviceAccount()));
            long start = System.nanoTime();
            assertThat(call(CREATE, client)).isInstanceOf(NotSent.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(over.fake.calls(CREATE)).isEqualTo(2);
        }
    }

    @Test
    void aRefusedConnectionIsTriedAgain() throws IOException {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        var client = over.client(over.http, "http://127.0.0.1:" + port);
        assertThat(call(CREATE, client)).isEqualTo(new NotSent<>("no connection to 127.0.0.1:" + port, null));
        assertThat(over.delays()).hasSize(OverFake.LIMITS.retries());
    }

    @Test
    void anUnknownHostIsTriedAgain() {
        OkHttpClient lost = HttpClientFactory.client(OverFake.settings(LONG))
                .dns(host -> {
                    throw new UnknownHostException(host);
                })
                .build();
        var client = over.client(lost, "https://qwiet.invalid/api/v4");
        assertThat(call(CREATE, client))
                .isEqualTo(new NotSent<>("the host name qwiet.invalid is not known to this network", null));
        assertThat(over.delays()).hasSize(OverFake.LIMITS.retries());
    }

    @Test
    void aFailedHandshakeShowsNothingToTheOtherSide() {
        var client = over.client(over.http, over.fake.address().replace("http:", "https:"));
        assertThat(call(CREATE, client))
                .isInstanceOfSatisfying(
                        NotSent.class, notSent -> assertThat(notSent.reason()).contains("TLS"));
        assertThat(over.fake.calls(ANY)).isZero();
    }

    // Redirects.

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308"})
    void aRedirectIsNotFollowed(int status) {
        try (var elsewhere = FakeQwiet.start()) {
            over.fake.faultAlways(Fault.redirect(ANY, status, elsewhere.address() + "/orgs/x/tokens"));
            for (Operation operation : List.of(CREATE, LIST, DELETE, SCOPES)) {
                assertThat(call(operation))
                        .isInstanceOfSatisfying(
                                Unsure.class,
                                unsure -> assertThat(unsure.reason()).contains(status + ", a redirect"));
            }
            assertThat(elsewhere.calls(ANY)).isZero();
            assertThat(over.fake.calls(ANY)).isEqualTo(4);
        }
    }

    @Test
    void noRedirectLeavesTls() {
        var http = HttpClientFactory.client(OverFake.settings(LONG)).build();
        assertThat(http.followRedirects()).isFalse();
        assertThat(http.followSslRedirects()).isFalse();
    }
}
