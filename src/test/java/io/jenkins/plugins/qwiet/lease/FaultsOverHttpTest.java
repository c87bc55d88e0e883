package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.RetryLimits;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link FaultMatrixTest} over real connections: every fault of the stand-in for Qwiet at every call. */
class FaultsOverHttpTest {
    private static final Duration A_DAY = Duration.ofDays(1);
    private static final MintRequest ORDER = new MintRequest(
            "shop", "", A_DAY, Account.ofJenkins("service-account"), "shop#1", "https://jenkins.example/job/shop/1/");

    private final FakeClock clock = new FakeClock(Leases.TEN);
    private final FakeQwiet qwiet = FakeQwiet.start(clock);
    private final QwietClients clients =
            new QwietClients(clock, new RetryLimits(1, Duration.ofMillis(5), Duration.ofSeconds(1)));
    private final ExecutorService fileWork = Executors.newFixedThreadPool(2);

    @TempDir
    Path directory;

    private LeaseStore store;
    private Leasing leasing;

    @BeforeEach
    void open() throws IOException {
        store = Leases.store(directory.resolve("leases"), clock, new Leases.UnlockedDisk(), fileWork);
        leasing = new Leasing(store, clock, TokenDescription::newNonce);
    }

    @AfterEach
    void close() throws InterruptedException {
        clients.close();
        qwiet.close();
        fileWork.shutdown();
        // Or it makes files in a directory that is being deleted.
        assertThat(fileWork.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    static Stream<Arguments> faults() {
        Fault unsure = Fault.cutAfter(Operation.CREATE);
        return Stream.of(
                        HttpFaults.all(Operation.CREATE).stream().map(fault -> List.of(fault)),
                        HttpFaults.all(Operation.LIST).stream().map(fault -> List.of(unsure, fault)),
                        HttpFaults.all(Operation.DELETE).stream().map(fault -> List.of(unsure, fault)),
                        HttpFaults.all(Operation.DELETE).stream().map(fault -> List.of(fault)))
                .flatMap(some -> some)
                .flatMap(faults -> Stream.of(Arguments.of(faults, true), Arguments.of(faults, false)));
    }

    @ParameterizedTest(name = "{0}, build goes on: {1}")
    @MethodSource("faults")
    void leavesTheOneTokenInUseOrNone(List<Fault> faults, boolean buildGoesOn) {
        faults.forEach(qwiet::fault);
        MintResult result = leasing.mint(client(), ORDER).join();
        if (result instanceof MintResult.Minted minted) {
            assertThat(liveIds()).contains(minted.token().id());
        } else if (!(result instanceof MintResult.Undecided)) {
            assertThat(liveIds()).isEmpty();
        }
        if (faults.size() == 1) {
            assertThat(liveIds().size()).isEqualTo(result instanceof MintResult.Minted ? 1 : 0);
        }
        if (!buildGoesOn && result instanceof MintResult.Minted minted) {
            leasing.revoke(client(), minted.lease()).join();
        }

        qwiet.clearFaults();
        clock.advance(LeaseRevoker.SETTLE);
        sweep(buildGoesOn);
        clock.advance(LeaseRevoker.SETTLE);
        sweep(buildGoesOn);
        List<String> used = buildGoesOn && result instanceof MintResult.Minted minted
                ? List.of(minted.token().id())
                : List.of();
        assertThat(liveIds()).isEqualTo(used);
        assertThat(store.leases()).extracting(Lease::tokenId).isEqualTo(used);
    }

    @Test
    void nobodyAtTheAddressLeavesNothing() {
        String address = qwiet.address();
        qwiet.close();
        var organization =
                new Organization(ApiAddress.parse(address), qwiet.organization().id());
        assertThat(leasing.mint(client(organization), ORDER).join()).isInstanceOf(MintResult.Unreachable.class);
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void aCancelledCallThatQwietHandlesLaterIsFoundByTheJanitor() {
        Hold hold = qwiet.hold(Operation.CREATE);
        CompletableFuture<MintResult> mint = leasing.mint(client(), ORDER);
        await().until(() -> qwiet.calls(Operation.CREATE) == 1);
        mint.cancel(true);
        String nonce = store.leases().get(0).nonce();
        await().until(() -> !leasing.isMinting(nonce));
        assertThat(liveIds()).isEmpty();
        assertThat(store.leases()).hasSize(1);

        hold.release();
        await().until(() -> liveIds().size() == 1);
        sweep(true);
        assertThat(liveIds()).isEmpty();
        clock.advance(LeaseRevoker.SETTLE);
        sweep(true);
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void manyMintsNeedFewThreads() {
        qwiet.latency(Duration.ofMillis(50));
        QwietClient patient = client(organization(), Duration.ofSeconds(30));
        List<CompletableFuture<MintResult>> mints =
                Stream.generate(() -> leasing.mint(patient, ORDER)).limit(100).toList();
        assertThat(mints).allMatch(mint -> mint.join() instanceof MintResult.Minted);
        assertThat(qwiet.mostCallsAtOnce()).isGreaterThan(5);
        assertThat(store.ofBuild("shop#1")).hasSize(100);
        sweep(patient, false);
        assertThat(liveIds()).isEmpty();
        assertThat(store.leases()).isEmpty();
    }

    private void sweep(boolean buildRuns) {
        sweep(client(), buildRuns);
    }

    private void sweep(QwietClient client, boolean buildRuns) {
        new Janitor(leasing, lease -> Optional.of(client), lease -> buildRuns, clock, 4)
                .sweep()
                .join();
    }

    private List<String> liveIds() {
        return qwiet.organization().liveTokens().stream().map(FakeToken::id).toList();
    }

    private Organization organization() {
        return new Organization(
                ApiAddress.parse(qwiet.address()), qwiet.organization().id());
    }

    private QwietClient client() {
        return client(organization());
    }

    private QwietClient client(Organization organization) {
        return client(organization, HttpFaults.CALL_TIMEOUT);
    }

    private QwietClient client(Organization organization, Duration callTimeout) {
        var settings = new ConnectionSettings(Duration.ofSeconds(2), callTimeout, null, "lease test");
        return clients.client(
                settings, organization, SecretText.of(qwiet.organization().serviceAccount()));
    }
}
