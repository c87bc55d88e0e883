package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.config.Connection;
import io.jenkins.plugins.qwiet.config.QwietSettings;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.lease.MintResult;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the log says of a token that Qwiet did not create, of the client's own answers. */
class MintFailureTest {
    private final FakeQwiet qwiet = FakeQwiet.start();
    private final QwietClients clients = new QwietClients(Clock.systemUTC());
    private final ApiAddress address = ApiAddress.parse(qwiet.address());
    private final QwietClient client = clients.client(
            ConnectionSettings.defaults(),
            new Organization(address, qwiet.organization().id()),
            SecretText.of(qwiet.organization().serviceAccount()));
    private final QwietSettings settings = new QwietSettings(
            address,
            qwiet.organization().id(),
            "sa",
            Duration.ofHours(1),
            "T",
            "O",
            "H",
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            true,
            false);

    @AfterEach
    void close() {
        clients.close();
        qwiet.close();
    }

    private Outcome<MintedToken> create() {
        return client.create(new NewToken("scan", "d", Duration.ofHours(1)), again -> {})
                .join();
    }

    private String mintFailed() {
        Outcome<MintedToken> outcome = create();
        MintResult result = outcome instanceof Outcome.Refused<MintedToken> refused
                ? new MintResult.Refused(refused)
                : outcome instanceof Outcome.NotSent<MintedToken> notSent && notSent.turnedAway()
                        ? new MintResult.TurnedAway(notSent.reason())
                        : new MintResult.Undecided(outcome.reason());
        var account = Account.ofJenkins("sa");
        String said = MintFailure.of(
                result,
                new ResolvedRequest(
                        new Connection(client, account, true, settings),
                        new MintRequest("scan", "d", Duration.ofHours(1), account, "shop#1", ""),
                        0,
                        "T",
                        "O"));
        return said;
    }

    @Test
    void aMintThatQwietTurnedAwayWith429IsNotSaidToBeTheNetworks() {
        qwiet.faultAlways(Fault.status(Operation.CREATE, 429, "RATE_LIMITED", "Too many tokens in an hour"));
        assertThat(mintFailed()).contains("429").doesNotContain("Check the API URL, the proxy and the network");
    }

    @ParameterizedTest
    @CsvSource({"402,PAYMENT_REQUIRED,Your plan has ended", "410,GONE,This organization was closed", "423,LOCKED,Locked"
    })
    void whatQwietItselfRefusesIsNotSaidToBeAProxys(int status, String code, String message) {
        qwiet.faultAlways(Fault.status(Operation.CREATE, status, code, message));
        assertThat(mintFailed()).contains(code).doesNotContain("proxies and firewalls");
    }
}
