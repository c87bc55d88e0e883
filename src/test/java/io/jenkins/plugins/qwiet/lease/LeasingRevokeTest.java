package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Call;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasingRevokeTest {
    private final FakeClock clock = new FakeClock(Leases.TEN);
    private final ScriptedQwiet qwiet = new ScriptedQwiet(clock);
    private final FaultyDisk disk = FaultyDisk.sound();

    @TempDir
    Path directory;

    private LeaseStore store;
    private Leasing leasing;

    @BeforeEach
    void open() throws IOException {
        store = Leases.store(directory, clock, disk);
        leasing = new Leasing(store, clock, Leases.nonces());
        // What it finds was not asked for a moment ago.
        clock.advance(Looks.APART);
    }

    @Test
    void revokesAndForgets() throws IOException {
        Lease lease = live();
        assertThat(revoke(lease)).isEqualTo(new Revocation.Revoked(true));
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void goneIsRevoked() throws IOException {
        Lease lease = live();
        revoke(lease);
        store.put(lease);
        assertThat(revoke(lease)).isEqualTo(new Revocation.Revoked(false));
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void mayBeAskedForAgain() throws IOException {
        Lease lease = live();
        revoke(lease);
        assertThat(revoke(lease)).isEqualTo(new Revocation.Revoked(false));
    }

    @Test
    void revokesATokenWhoseLeaseWasLost() throws IOException {
        Lease lease = live();
        store.remove(lease.nonce());
        assertThat(revoke(lease)).isEqualTo(new Revocation.Revoked(true));
    }

    @Test
    void notAllowedIsRemembered() throws IOException {
        Lease lease = live();
        qwiet.next(Call.DELETE, Turn.FORBIDDEN);
        assertThat(revoke(lease)).isEqualTo(new Revocation.NotAllowed("You may not."));
        assertThat(now(lease).state()).isEqualTo(Lease.State.UNREVOCABLE);
        assertThat(now(lease).failingSince()).isEqualTo(clock.instant());
        assertThat(revoke(lease)).isEqualTo(new Revocation.Revoked(true));
    }

    @Test
    void aFailureIsRememberedFromItsBeginning() throws IOException {
        Lease lease = live();
        Instant first = clock.instant();
        qwiet.next(Call.DELETE, Turn.LOST, Turn.UNAUTHORIZED);
        assertThat(revoke(lease)).isEqualTo(new Revocation.Failed("No answer within 30 s.", false));
        clock.advance(Duration.ofMinutes(1));
        assertThat(revoke(lease)).isEqualTo(new Revocation.Failed("Qwiet said 401 UNAUTHORIZED: Who are you?", true));

        assertThat(now(lease).lastError()).isEqualTo("Qwiet said 401 UNAUTHORIZED: Who are you?");
        assertThat(now(lease).failingSince()).isEqualTo(first);
        assertThat(now(lease).state()).isEqualTo(Lease.State.RELEASED);
        assertThat(Leases.store(directory, clock).leases()).containsExactly(now(lease));
    }

    @Test
    void concurrentCallersShareOneRevocation() throws IOException {
        Lease lease = live();
        qwiet.next(Call.DELETE, Turn.DONE_AND_HANGS);
        CompletableFuture<Revocation> first = leasing.revoke(qwiet.client(), lease);
        CompletableFuture<Revocation> second = leasing.revoke(qwiet.client(), lease);
        first.cancel(true);
        assertThat(second).isNotDone();
        assertThat(qwiet.calls(Call.DELETE)).isEqualTo(1);
    }

    @Test
    void anIntentIsFoundByItsNonce() throws IOException {
        Lease lease = live();
        Lease intent = Leases.intentOf(lease);
        store.put(intent);
        qwiet.add("made by hand");
        qwiet.add(TokenDescription.describe("another's", "https://jenkins.example/", Leases.nonce(77)));
        assertThat(revoke(intent)).isEqualTo(new Revocation.Revoked(true));
        assertThat(qwiet.tokens()).hasSize(2);
        assertThat(store.leases()).as("looked for once more").hasSize(1);
        assertThat(revoke(intent)).isEqualTo(new Revocation.NotListed());
        clock.advance(LeaseRevoker.SETTLE);
        assertThat(revoke(intent)).isEqualTo(new Revocation.Revoked(false));
        assertThat(qwiet.tokens()).hasSize(2);
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void everyTokenOfANonceIsRevoked() throws IOException {
        Lease lease = live();
        qwiet.add(TokenDescription.describe("", "https://jenkins.example/", lease.nonce()));
        store.put(Leases.intentOf(lease));
        assertThat(revoke(Leases.intentOf(lease))).isEqualTo(new Revocation.Revoked(true));
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void anIntentWithoutATokenIsKeptUntilNoneCanTurnUp() throws IOException {
        Lease intent = Leases.intentOf(live());
        qwiet.client().delete("token-1").join();
        store.put(intent);
        assertThat(revoke(intent)).isEqualTo(new Revocation.NotListed());
        assertThat(store.leases()).hasSize(1);

        clock.advance(LeaseRevoker.SETTLE);
        assertThat(revoke(intent)).isEqualTo(new Revocation.Revoked(false));
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void whatIsGoneIsNotAskedForAgainJustBecauseTheDiskKeepsIt() throws IOException {
        Lease lease = live();
        disk.fill();
        assertThat(revoke(lease)).isEqualTo(new Revocation.Revoked(true));
        assertThat(store.leases()).isEmpty();
        disk.mend();
        store.mend().join();
        assertThat(Leases.store(directory, clock).leases()).isEmpty();
        assertThat(qwiet.calls(Call.DELETE)).isEqualTo(1);
    }

    @Test
    void releasingIsWrittenDown() throws IOException {
        Lease lease = live();
        leasing.release(lease.nonce()).join();
        leasing.release(Leases.nonce(99)).join();
        Instant then = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        leasing.release(lease.nonce()).join();
        assertThat(Leases.store(directory, clock).leases()).containsExactly(lease.released(then));
        assertThat(qwiet.calls()).isZero();
    }

    @Test
    void releasingWhileItIsRevokedDoesNotBringItBack() throws IOException {
        Lease lease = live();
        var work = new ArrayDeque<Runnable>();
        store = Leases.store(directory, clock, disk, work::add);
        leasing = new Leasing(store, clock, Leases.nonces());
        leasing.revoke(qwiet.client(), lease);
        leasing.release(lease.nonce());
        while (!work.isEmpty()) {
            work.remove().run();
        }
        assertThat(store.leases()).isEmpty();
        assertThat(Leases.store(directory, clock).leases()).isEmpty();
    }

    private Lease live() throws IOException {
        Lease lease = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(lease);
        return lease;
    }

    private Revocation revoke(Lease lease) {
        return leasing.revoke(qwiet.client(), lease).join();
    }

    private Lease now(Lease lease) {
        return store.find(lease.nonce()).orElseThrow();
    }
}
