package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host name with several addresses, of which some refuse. */
class DeadAddressesTest {
    @RegisterExtension
    final Canned qwiet = new Canned();

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.2 127.0.0.1", "127.0.0.2 127.0.0.3 127.0.0.1", "::1 127.0.0.1", "127.0.0.1 127.0.0.2"})
    void whatRefusesIsPassedOver(String addresses) throws IOException {
        qwiet.says(query -> Canned.Answer.json(
                query.isEmpty()
                        ? "{\"ok\":true,\"response\":{\"id\":\"token-1\",\"value\":\"v\"}}"
                        : "{\"ok\":true,\"response\":[]}"));
        var settings = new ConnectionSettings(Duration.ofSeconds(5), Duration.ofSeconds(10), null, "test");
        var client = HttpClientFactory.client(settings)
                .dns(host -> java.util.Arrays.stream(addresses.split(" "))
                        .map(DeadAddressesTest::address)
                        .toList());
        try (var transport = new Transport(client.build());
                var clients = new QwietClients(
                        Clock.systemUTC(),
                        System::nanoTime,
                        new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1)),
                        new OneThread(),
                        s -> transport)) {
            String address = qwiet.address().replace("127.0.0.1", "localhost");
            QwietClient over = clients.client(
                    settings, new Organization(ApiAddress.parse(address), Canned.ORG), SecretText.of("bearer"));

            assertThat(over.create(new NewToken("l", "d", Duration.ofHours(1))).join())
                    .isInstanceOf(Outcome.Done.class);
            assertThat(over.list(ListQuery.LIVE, token -> {}).join()).isInstanceOf(Outcome.Done.class);
        }
        assertThat(qwiet.asked()).hasSize(2);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
