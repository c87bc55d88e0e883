package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.Janitor.Sweep;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Call;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JanitorTest {
    private static final Duration A_WHILE = Backoff.LONGEST.plusSeconds(1);

    private final FakeClock clock = new FakeClock(Leases.TEN);
    private final ScriptedQwiet qwiet = new ScriptedQwiet(clock);
    private final FaultyDisk disk = FaultyDisk.sound();
    private final Set<String> running = new HashSet<>();
    private Optional<QwietClient> client = Optional.of(qwiet.client());
    private int clientsAskedFor;

    @TempDir
    Path directory;

    private LeaseStore store;
    private Leasing leasing;
    private Janitor janitor;

    @BeforeEach
    void open() throws IOException {
        store = LeaseStore.open(directory.resolve("leases"), clock, disk);
        leasing = new Leasing(store, clock, Leases.nonces(), Runnable::run);
        janitor = new Janitor(
                leasing,
                lease -> {
                    clientsAskedFor++;
                    return client;
                },
                lease -> running.contains(lease.buildId()),
                clock,
                4);
    }

    @Test
    void revokesWhatFinishedBuildsLeft() throws IOException {
        for (int i = 1; i <= 20; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        assertThat(sweep()).isEqualTo(new Sweep(20, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(store.leases()).isEmpty();
        assertThat(clientsAskedFor).as("one credential look-up for one job").isEqualTo(1);
    }

    @Test
    void neverTouchesWhatABuildMayUse() throws IOException {
        running.add("shop#1");
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 1, 0, 0));
        clock.advance(Duration.ofDays(2));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 1, 0, 0));
        assertThat(qwiet.tokens()).hasSize(1);
        assertThat(qwiet.calls()).isZero();
    }

    @Test
    void takesABuildForRunningWhenItCannotBeSeen() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        janitor = new Janitor(
                leasing,
                lease -> client,
                lease -> {
                    throw new IllegalStateException("scripted");
                },
                clock,
                4);
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 1, 0, 0));
    }

    @Test
    void revokesWhatWasReleasedThoughItsBuildRunsOn() throws IOException {
        running.add("shop#1");
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock).released(clock.instant()));
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void oneListServesAllIntents() throws IOException {
        for (int i = 1; i <= 5; i++) {
            Lease live = Leases.liveIn(qwiet, i, "shop#1", clock);
            store.put(Leases.intentOf(live));
        }
        Token other = qwiet.add("made by hand");
        assertThat(sweep()).isEqualTo(new Sweep(5, 0, 0, 0, 0));
        assertThat(qwiet.calls(Call.LIST)).isEqualTo(1);
        assertThat(qwiet.tokens()).containsExactly(other);
    }

    @Test
    void anIntentThatNoMintWorksOnIsNobodysThoughItsBuildRuns() throws IOException {
        running.add("shop#1");
        store.put(Leases.intentOf(Leases.liveIn(qwiet, 1, "shop#1", clock)));
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void leavesAMintUnderWayAlone() {
        qwiet.next(Call.CREATE, Turn.DONE_AND_HANGS);
        leasing.mint(qwiet.client(), Leases.order("shop#1"));
        clock.advance(Duration.ofDays(1));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 1, 0, 0));
        assertThat(qwiet.tokens()).hasSize(1);
        assertThat(store.leases()).hasSize(1);
    }

    @Test
    void revokesATokenThatTurnsUpLate() {
        qwiet.next(Call.CREATE, Turn.LATE, Turn.NOT_SENT);
        leasing.mint(qwiet.client(), Leases.order("shop#1")).join();
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        qwiet.catchUp();
        assertThat(qwiet.tokens()).hasSize(1);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void dropsAnIntentWhenNoTokenCanTurnUpAnyMore() {
        qwiet.next(Call.CREATE, Turn.LOST, Turn.NOT_SENT);
        leasing.mint(qwiet.client(), Leases.order("shop#1")).join();
        clock.advance(LeaseRevoker.SETTLE.minusSeconds(1));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void dropsWhatExpiredWithoutACall() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        client = Optional.empty();
        clock.advance(Leases.AN_HOUR.plus(DueLeases.SKEW));
        assertThat(sweep()).as("clocks may differ").isEqualTo(new Sweep(0, 0, 0, 0, 1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(sweep()).isEqualTo(new Sweep(0, 1, 0, 0, 0));
        assertThat(store.leases()).isEmpty();
        assertThat(qwiet.calls()).isZero();
    }

    @Test
    void saysThatThereIsNoCredentialAndWaits() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        client = Optional.empty();
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        Lease lease = store.leases().get(0);
        assertThat(lease.lastError()).contains("No credential", "service-account");
        assertThat(lease.failingSince()).isEqualTo(clock.instant());

        int operations = disk.operations();
        clock.advance(Duration.ofMinutes(5));
        sweep();
        assertThat(disk.operations()).as("written once").isEqualTo(operations);

        client = Optional.of(qwiet.client());
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
    }

    @Test
    void asksOnceAboutWhatItMayNotRevoke() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        qwiet.always(Turn.FORBIDDEN);
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        clock.advance(A_WHILE);
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        assertThat(qwiet.calls()).isEqualTo(1);
        clock.advance(Leases.AN_HOUR);
        assertThat(sweep()).isEqualTo(new Sweep(0, 1, 0, 0, 0));
    }

    @Test
    void revokesThoughItMayNotList() throws IOException {
        store.put(Leases.intent(1, "shop#1"));
        store.put(Leases.liveIn(qwiet, 2, "shop#2", clock));
        qwiet.next(Call.LIST, Turn.FORBIDDEN);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 1));
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void anOutageCostsAHandfulOfCallsHoweverManyLeases() throws IOException {
        for (int i = 1; i <= 500; i++) {
            Lease live = Leases.liveIn(qwiet, i, "shop#" + i, clock);
            store.put(i % 2 == 0 ? live : Leases.intentOf(live));
        }
        qwiet.always(Turn.LOST);
        for (int second = 0; second < 2400; second += 10) {
            Sweep sweep = sweep();
            assertThat(sweep.failed()).isLessThanOrEqualTo(1);
            assertThat(sweep.failed() + sweep.waiting()).isEqualTo(500);
            clock.advance(Duration.ofSeconds(10));
        }
        assertThat(qwiet.calls()).isLessThan(10);
        qwiet.endScript();
        clock.advance(A_WHILE);
        assertThat(sweep()).isEqualTo(new Sweep(500, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void anOutageThatBeginsInTheMiddleStopsThePass() throws IOException {
        for (int i = 1; i <= 100; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        qwiet.next(Call.DELETE, Turn.SOUND, Turn.SOUND, Turn.SOUND);
        qwiet.always(Turn.LOST);
        assertThat(sweep()).isEqualTo(new Sweep(3, 0, 0, 5, 92));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 97));
    }

    @Test
    void aFailureNowAndThenStopsNothing() throws IOException {
        for (int i = 1; i <= 100; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        qwiet.next(Call.DELETE, Turn.SOUND, Turn.LOST, Turn.SOUND, Turn.NOT_SENT, Turn.LOST);
        assertThat(sweep()).isEqualTo(new Sweep(97, 0, 0, 3, 0));
        assertThat(sweep()).isEqualTo(new Sweep(3, 0, 0, 0, 0));
    }

    @Test
    void whatWillAlwaysFailDoesNotStandInTheWay() throws IOException {
        Lease poisoned = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(poisoned);
        qwiet.next(Call.DELETE, Turn.INVALID);
        assertThat(sweep().failed()).isEqualTo(1);
        for (int i = 2; i <= 10; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
            qwiet.next(Call.DELETE, Turn.SOUND);
        }
        qwiet.next(Call.DELETE, Turn.INVALID);
        clock.advance(A_WHILE);
        assertThat(sweep()).isEqualTo(new Sweep(9, 0, 0, 1, 0));
        assertThat(store.leases()).extracting(Lease::nonce).containsExactly(poisoned.nonce());
    }

    @Test
    void oneOrganizationsFailureIsNotAnothers() throws IOException {
        var other = new ScriptedQwiet(clock, "1f0c2f5e-0000-4000-8000-000000000002");
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        store.put(Leases.liveIn(other, 2, "bank#1", clock));
        qwiet.always(Turn.UNAUTHORIZED);
        janitor = new Janitor(
                leasing,
                lease -> Optional.of(
                        lease.organization().equals(qwiet.organization()) ? qwiet.client() : other.client()),
                lease -> false,
                clock,
                4);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 1, 0));
        assertThat(other.tokens()).isEmpty();
    }

    @Test
    void aFileThatCouldNotBeDeletedIsDeletedWithoutACall() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        disk.fill();
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(store.leases()).hasSize(1);
        disk.mend();
        client = Optional.empty();
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(store.leases()).isEmpty();
        assertThat(qwiet.calls()).isEqualTo(1);
    }

    @Test
    void aCallDuringAPassJoinsIt() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        qwiet.next(Call.DELETE, Turn.HANGS);
        CompletableFuture<Sweep> first = janitor.sweep();
        CompletableFuture<Sweep> second = janitor.sweep();
        assertThat(second).isNotDone();
        assertThat(qwiet.calls()).isEqualTo(1);

        qwiet.hanging().get(0).cancel(true);
        assertThat(first).isCompletedWithValue(new Sweep(0, 0, 0, 1, 0));
        assertThat(second).isCompletedWithValue(new Sweep(0, 0, 0, 1, 0));
        clock.advance(A_WHILE);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
    }

    @Test
    void tenThousandLeasesNeedNoDeepStack() throws IOException {
        var memory = LeaseStore.open(directory.resolve("memory"), clock, new Nowhere());
        for (int i = 1; i <= 10_000; i++) {
            memory.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        leasing = new Leasing(memory, clock, Leases.nonces(), Runnable::run);
        janitor = new Janitor(leasing, lease -> client, lease -> false, clock, 8);
        assertThat(sweep()).isEqualTo(new Sweep(10_000, 0, 0, 0, 0));
    }

    @Test
    void tellsABuildThatItsTokenIsGone() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        store.put(Leases.liveIn(qwiet, 2, "shop#2", clock));
        qwiet.next(Call.DELETE, Turn.SOUND, Turn.LOST);
        List<String> told = new ArrayList<>();
        janitor = new Janitor(
                leasing,
                lease -> client,
                new Janitor.Builds() {
                    @Override
                    public boolean mayStillUse(Lease lease) {
                        return false;
                    }

                    @Override
                    public void revoked(Lease lease) {
                        told.add(lease.buildId());
                        throw new IllegalStateException("scripted");
                    }
                },
                clock,
                1);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 1, 0));
        assertThat(told).hasSize(1);
        sweep();
        assertThat(told).containsExactlyInAnyOrder("shop#1", "shop#2");
    }

    @Test
    void knowsItsLastPassAndWhatItLeavesAlone() throws IOException {
        assertThat(janitor.last()).isEmpty();
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        qwiet.next(Call.DELETE, Turn.LOST);
        Sweep sweep = sweep();
        assertThat(janitor.last()).contains(new Janitor.Done(clock.instant(), sweep));
        assertThat(janitor.pauses())
                .containsExactly(new Janitor.Pause(
                        qwiet.organization().address().toString(),
                        clock.instant().plus(Backoff.FIRST)));

        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        qwiet.next(Call.DELETE, Turn.NOT_SENT);
        assertThat(janitor.sweepAll().join()).as("pauses forgotten").isEqualTo(new Sweep(0, 0, 0, 1, 0));

        clock.advance(Backoff.FIRST);
        assertThat(janitor.pauses()).isEmpty();
        qwiet.next(Call.DELETE, Turn.UNAUTHORIZED);
        sweep();
        assertThat(janitor.pauses())
                .singleElement()
                .satisfies(pause ->
                        assertThat(pause.what()).contains(qwiet.organization().orgId(), "service-account"));
    }

    private Sweep sweep() {
        return janitor.sweep().join();
    }
}
