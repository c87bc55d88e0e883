package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.RetryLimits;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.lease.LeaseWatcher.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever watches leases is told what came of each mint, renewal and revocation, and why it failed. */
@ExtendWith(QuietLeases.class)
class WatchedLeasesTest {
    private record Told(Work work, Cause failure) {}

    private static final MintRequest ORDER = Leases.order("shop#1");
    private static final Duration GENEROUS = Duration.ofSeconds(20);
    private static final Told MINTED = new Told(Work.MINT, null);
    private static final Told REVOKED = new Told(Work.REVOCATION, null);

    private final FakeClock clock = new FakeClock(Leases.TEN);
    private final FakeQwiet qwiet = FakeQwiet.start(clock);
    private final FaultyDisk disk = FaultyDisk.sound();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final QwietClients clients =
            new QwietClients(clock, new RetryLimits(1, Duration.ofMillis(5), Duration.ofSeconds(1)));

    @TempDir
    Path directory;

    private LeaseStore store;
    private Leasing leasing;

    @BeforeEach
    void open() throws IOException {
        store = Leases.store(directory.resolve("leases"), clock, disk);
        leasing = new Leasing(
                store,
                clock,
                new ClockTicks(clock),
                TokenDescription::newNonce,
                (work, failure) -> told.add(new Told(work, failure)));
    }

    @AfterEach
    void close() {
        clients.close();
        qwiet.close();
    }

    private QwietClient client() {
        return client(qwiet.organization().serviceAccount());
    }

    private QwietClient client(String bearer) {
        return client(bearer, GENEROUS);
    }

    /** Only where time is to be up, it is soon. */
    private QwietClient clientFor(Cause cause) {
        return client(
                qwiet.organization().serviceAccount(), cause == Cause.UNREACHABLE ? HttpFaults.CALL_TIMEOUT : GENEROUS);
    }

    private QwietClient client(String bearer, Duration callTimeout) {
        return clients.client(
                new ConnectionSettings(GENEROUS, callTimeout, null, "test"),
                new Organization(
                        ApiAddress.parse(qwiet.address()), qwiet.organization().id()),
                SecretText.of(bearer));
    }

    private void assertTold(Told... expected) {
        // Whoever waits for the work may go on a moment before, and what he does then be told first.
        await().untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder(expected));
    }

    /** Faults of a call with the causes that they are. */
    private static Stream<Arguments> faults(Operation operation) {
        return Stream.of(
                Arguments.of(Fault.cutBefore(operation), Cause.UNREACHABLE),
                Arguments.of(Fault.cutAfter(operation), Cause.UNREACHABLE),
                Arguments.of(Fault.slowHeaders(operation, HttpFaults.CALL_TIMEOUT.multipliedBy(3)), Cause.UNREACHABLE),
                Arguments.of(Fault.status(operation, 401, "UNAUTHORIZED", "unknown"), Cause.UNAUTHORIZED),
                Arguments.of(Fault.status(operation, 403, "FORBIDDEN", "not you"), Cause.FORBIDDEN),
                Arguments.of(Fault.tooManyRequests(operation, null), Cause.TOO_MANY_REQUESTS),
                Arguments.of(Fault.tooManyRequests(operation, "600"), Cause.TOO_MANY_REQUESTS),
                Arguments.of(Fault.status(operation, 500, "BROKEN", "oh"), Cause.SERVER_ERROR),
                Arguments.of(Fault.unavailable(operation, "600"), Cause.SERVER_ERROR),
                Arguments.of(Fault.html(operation, 502), Cause.SERVER_ERROR),
                Arguments.of(Fault.status(operation, 451, "LAW", "no"), Cause.REFUSED),
                Arguments.of(Fault.html(operation, 403), Cause.INDETERMINATE),
                Arguments.of(Fault.redirect(operation, 302, "https://elsewhere.example/"), Cause.INDETERMINATE),
                Arguments.of(Fault.garbage(operation), Cause.INDETERMINATE));
    }

    static Stream<Arguments> faultsOfCreations() {
        return faults(Operation.CREATE);
    }

    static Stream<Arguments> faultsOfDeletions() {
        return faults(Operation.DELETE);
    }

    @Test
    void aMintAndARevocationThatGoWell() {
        var minted = (MintResult.Minted) leasing.mint(client(), ORDER).join();
        assertTold(MINTED);

        leasing.revoke(client(), minted.lease()).join();

        assertTold(MINTED, REVOKED);
    }

    @ParameterizedTest
    @MethodSource("faultsOfCreations")
    void whyAMintFailed(Fault fault, Cause cause) {
        qwiet.faultAlways(fault);

        assertThat(leasing.mint(clientFor(cause), ORDER).join()).isNotInstanceOf(MintResult.Minted.class);

        await().until(() -> told.stream().anyMatch(each -> each.work() == Work.MINT));
        assertThat(told.stream().filter(each -> each.work() == Work.MINT)).containsExactly(new Told(Work.MINT, cause));
    }

    @ParameterizedTest
    @MethodSource("faultsOfCreations")
    void whyARenewalFailed(Fault fault, Cause cause) {
        qwiet.fault(fault);
        if (cause == Cause.TOO_MANY_REQUESTS) {
            qwiet.fault(fault);
        }

        assertThat(leasing.mintOnce(clientFor(cause), ORDER, leasing.moment(), outcome -> {})
                        .join())
                .isNotInstanceOf(MintResult.Minted.class);

        await().until(() -> told.stream().anyMatch(each -> each.work() == Work.RENEWAL));
        assertThat(told.stream().filter(each -> each.work() != Work.REVOCATION))
                .containsExactly(new Told(Work.RENEWAL, cause));
    }

    @Test
    void aRenewalThatGoesWell() {
        leasing.mintOnce(client(), ORDER, leasing.moment(), outcome -> {}).join();

        assertTold(new Told(Work.RENEWAL, null));
    }

    @ParameterizedTest
    @MethodSource("faultsOfDeletions")
    void whyARevocationFailed(Fault fault, Cause cause) {
        var minted = (MintResult.Minted) leasing.mint(client(), ORDER).join();
        qwiet.faultAlways(fault);

        assertThat(leasing.revoke(clientFor(cause), minted.lease()).join()).isNotInstanceOf(Revocation.Revoked.class);

        assertTold(MINTED, new Told(Work.REVOCATION, cause));
    }

    @Test
    void eachAttemptOfTheJanitorCounts() {
        leasing.mint(client(), ORDER).join();
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "BROKEN", "oh"));
        sweep(client());
        clock.advance(Duration.ofHours(1));
        sweep(client());
        qwiet.clearFaults();
        clock.advance(Duration.ofHours(1));
        sweep(client());

        var failed = new Told(Work.REVOCATION, Cause.SERVER_ERROR);
        assertTold(MINTED, failed, failed, REVOKED);
    }

    private void sweep(QwietClient clientOrNull) {
        new Janitor(leasing, lease -> Optional.ofNullable(clientOrNull), lease -> false, clock, 4)
                .sweep()
                .join();
    }

    @Test
    void aTokenWithoutAServiceAccountIsAQuestionOfConfiguration() {
        leasing.mint(client(), ORDER).join();

        sweep(null);

        assertTold(MINTED, new Told(Work.REVOCATION, Cause.CONFIGURATION));
    }

    @Test
    void aServiceAccountThatNoHeaderCanCarryIsOneToo() {
        leasing.mint(client("two words"), ORDER).join();

        assertTold(new Told(Work.MINT, Cause.CONFIGURATION));
    }

    @Test
    void aDiskThatTakesNoLease() {
        disk.fill();

        assertThat(leasing.mint(client(), ORDER).join()).isInstanceOf(MintResult.NotRecorded.class);

        assertTold(new Told(Work.MINT, Cause.DISK));
    }

    @Test
    void aDeletionThatIsHeldBackSinceQwietAskedToWait() {
        var minted = (MintResult.Minted) leasing.mint(client(), ORDER).join();
        qwiet.fault(Fault.unavailable(Operation.DELETE, "600"));
        leasing.revoke(client(), minted.lease()).join();

        leasing.revoke(client().patient(), minted.lease()).join();

        assertTold(MINTED, new Told(Work.REVOCATION, Cause.SERVER_ERROR), new Told(Work.REVOCATION, Cause.HELD_BACK));
    }

    @Test
    void aTokenThatIsGoneAlreadyWasRevokedByNobody() {
        var minted = (MintResult.Minted) leasing.mint(client(), ORDER).join();
        client().delete(Objects.requireNonNull(minted.lease().tokenId())).join();

        assertThat(leasing.revoke(client(), minted.lease()).join()).isEqualTo(new Revocation.Revoked(false));

        assertTold(MINTED);
    }

    static Stream<Fault> lostAnswers() {
        return Stream.of(Fault.cutAfter(Operation.DELETE), Fault.cutDuringBody(Operation.DELETE));
    }

    /** It is asked again at once, and Qwiet says 404 then. */
    @ParameterizedTest
    @MethodSource("lostAnswers")
    void aRevocationOfWhichTheFirstAnswerIsLostCounts(Fault fault) {
        var minted = (MintResult.Minted) leasing.mint(client(), ORDER).join();
        qwiet.fault(fault);

        assertThat(leasing.revoke(client(), minted.lease()).join()).isEqualTo(new Revocation.Revoked(true));

        assertThat(qwiet.organization().liveTokens()).isEmpty();
        assertTold(MINTED, REVOKED);
    }

    /** Qwiet says 404, and the connection breaks in the middle of that. */
    @Test
    void aRefusalThatIsCutIsAQuestionOfTheConnection() {
        var minted = (MintResult.Minted) leasing.mint(client(), ORDER).join();
        client().delete(Objects.requireNonNull(minted.lease().tokenId())).join();
        qwiet.faultAlways(Fault.cutDuringBody(Operation.DELETE));

        assertThat(leasing.revoke(client(), minted.lease()).join())
                .asInstanceOf(type(Revocation.Failed.class))
                .extracting(Revocation.Failed::reason)
                .isEqualTo("HTTP 404, but the connection broke before the end of the response");

        assertTold(MINTED, new Told(Work.REVOCATION, Cause.UNREACHABLE));
    }

    @Test
    void aMintThatNobodyWaitsForIsNoFailure() {
        var hold = qwiet.hold(Operation.CREATE);
        var mint = leasing.mint(client(), ORDER);
        hold.awaitArrived(Duration.ofSeconds(20));
        mint.cancel(true);
        hold.release();
        String nonce = store.leases().get(0).nonce();
        await().until(() -> !leasing.isMinting(nonce));

        assertThat(told).extracting(Told::work).doesNotContain(Work.MINT);
    }
}
