package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was idle may be dead: that costs one try of a call that may be repeated, and nothing of one that may not. */
class DeadConnectionTest {
    private static final Duration CALL = Duration.ofSeconds(6);
    private static final Duration SURELY_LESS = Duration.ofSeconds(5);

    @RegisterExtension
    private final OverFake over = new OverFake();

    private final QwietClients clients =
            new QwietClients(Clock.systemUTC(), new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1)));
    private Relay relay;
    private QwietClient client;

    @BeforeEach
    void start() throws IOException {
        relay = new Relay(URI.create(over.fake.address()).getPort());
        var organization = new Organization(
                ApiAddress.parse("http://127.0.0.1:" + relay.port() + "/api/v4"), over.organization.id());
        client = clients.client(
                new ConnectionSettings(Duration.ofSeconds(2), CALL, null, "test"),
                organization,
                SecretText.of(over.organization.serviceAccount()));
    }

    @AfterEach
    void stop() throws IOException {
        clients.close();
        relay.close();
    }

    private void list() {
        assertThat(client.list(ListQuery.LIVE, token -> {}).join()).isInstanceOf(Done.class);
    }

    private void delete() {
        String id = over.organization.add("x", "", null, "access").id();
        assertThat(client.delete(id).join()).isEqualTo(new Done<>(true));
    }

    @Test
    void aForgottenConnectionCostsNoCall() {
        for (int i = 0; i < 3; i++) {
            list();
            relay.forget();
            long start = System.nanoTime();
            assertThat(client.create(OverFake.TOKEN).join()).isInstanceOf(Done.class);
            delete();
            list();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SURELY_LESS);
        }
        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(3);
        assertThat(over.organization.minted()).isEqualTo(3);
    }

    @Test
    void aClosedConnectionCostsNoCall() throws IOException {
        for (int i = 0; i < 3; i++) {
            list();
            relay.hangUp();
            assertThat(client.create(OverFake.TOKEN).join()).isInstanceOf(Done.class);
            list();
            relay.hangUp();
            delete();
        }
        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(3);
    }

    @Test
    void aConnectionIsUsedAgainInABurst() {
        for (int i = 0; i < 20; i++) {
            list();
        }
        assertThat(relay.connections()).isEqualTo(1);
    }

    @Test
    void aCreationHasAConnectionOfItsOwn() {
        for (int i = 0; i < 5; i++) {
            list();
            assertThat(client.create(OverFake.TOKEN).join()).isInstanceOf(Done.class);
        }
        assertThat(relay.connections()).isEqualTo(1 + 5);
    }

    @Test
    void aSlowServerIsNotTakenForADeadConnectionForEver() {
        list();
        over.fake.faultAlways(Fault.slowHeaders(Operation.LIST, Duration.ofSeconds(3)));
        list();
        assertThat(over.fake.calls(Operation.LIST)).isEqualTo(3);
    }

    @Test
    void aCreationThatIsCutIsNotSentAgain() {
        over.fake.faultAlways(Fault.cutAfter(Operation.CREATE));
        assertThat(client.create(OverFake.TOKEN).join()).isInstanceOf(Outcome.Unsure.class);
        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(1);
    }

    /** The first address of a name answers nothing: nobody listens there. */
    @Test
    void theOtherAddressesOfANameAreTried() throws IOException {
        var dead = List.of(
                InetAddress.getByAddress("qwiet", new byte[] {127, 0, 0, 2}),
                InetAddress.getByAddress("qwiet", new byte[] {(byte) 192, 0, 2, 1}),
                InetAddress.getByAddress("qwiet", new byte[] {127, 0, 0, 1}));
        try (var transport = new Transport(HttpClientFactory.client(OverFake.settings(CALL))
                .dns(host -> dead)
                .build())) {
            var known = over.client(transport, over.fake.address().replace("127.0.0.1", "localhost"));
            assertThat(known.create(OverFake.TOKEN).join()).isInstanceOf(Done.class);
            assertThat(known.myScopes().join()).isInstanceOf(Done.class);
        }
        assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(1);
    }
}
