package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Outcome;
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
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JanitorTest {
    private static final Duration A_WHILE = Backoff.LONGEST.plusSeconds(1);

    private final FakeClock clock = new FakeClock(Leases.TEN.minus(Looks.APART));
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
        store = Leases.store(directory.resolve("leases"), clock, disk);
        leasing = new Leasing(store, clock, Leases.nonces());
        janitor = new Janitor(
                leasing,
                lease -> {
                    clientsAskedFor++;
                    return client;
                },
                lease -> running.contains(lease.buildId()),
                clock,
                4);
        // What it finds was not asked for a moment ago.
        clock.advance(Looks.APART);
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
    void whatASearchFoundIsGoneButItLooksOnceMoreForAnother() throws IOException {
        Lease live = Leases.liveIn(qwiet, 1, "shop#1", clock);
        Token second = qwiet.add(TokenDescription.describe("", "https://jenkins.example/", live.nonce()));
        qwiet.unlist(second.id());
        store.put(Leases.intentOf(live));
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).containsExactly(second);
        assertThat(store.leases()).hasSize(1);

        qwiet.listAll();
        clock.advance(Duration.ofMinutes(1));
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
        clock.advance(LeaseRevoker.SETTLE);
        assertThat(sweep()).isEqualTo(new Sweep(0, 1, 0, 0, 0));
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void whatIsStillListedThoughItIsGoneIsNotRevokedForEver() throws IOException {
        Lease live = Leases.liveIn(qwiet, 1, "shop#1", clock);
        qwiet.listThoughGone(qwiet.tokens().get(0));
        store.put(Leases.intentOf(live));
        sweep();
        clock.advance(LeaseRevoker.SETTLE);
        sweep();
        assertThat(store.leases()).isEmpty();
        assertThat(qwiet.calls(Call.DELETE)).isEqualTo(1);
    }

    @Test
    void aSecondTokenOfACallThatWasRepeatedOnTheWayIsFoundThoughOneAnswerCame() {
        qwiet.next(Call.CREATE, Turn.DOUBLED);
        var minted = (MintResult.Minted)
                leasing.mint(qwiet.client(), Leases.order("shop#1")).join();
        assertThat(leasing.revoke(qwiet.client(), minted.lease()).join()).isEqualTo(new Revocation.Revoked(true));
        assertThat(qwiet.tokens()).hasSize(1);
        assertThat(sweep()).as("too early").isEqualTo(new Sweep(0, 0, 0, 0, 0));
        assertThat(qwiet.calls(Call.LIST)).isZero();

        clock.advance(EndedLeases.FIRST_LOOK);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
        clock.advance(LeaseRevoker.SETTLE);
        sweep();
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void aSecondTokenThatIsListedLateIsFoundToo() {
        qwiet.next(Call.CREATE, Turn.DOUBLED);
        var minted = (MintResult.Minted)
                leasing.mint(qwiet.client(), Leases.order("shop#1")).join();
        qwiet.unlist("token-1");
        leasing.revoke(qwiet.client(), minted.lease()).join();
        clock.advance(EndedLeases.FIRST_LOOK);
        sweep();
        assertThat(qwiet.tokens()).hasSize(1);
        qwiet.listAll();
        clock.advance(LeaseRevoker.SETTLE);
        sweep();
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void oneListServesAllThatEndedLatelyAndNoneIsAskedForWhenAllAreLookedFor() {
        for (int i = 1; i <= 50; i++) {
            var minted = (MintResult.Minted)
                    leasing.mint(qwiet.client(), Leases.order("shop#" + i)).join();
            leasing.revoke(qwiet.client(), minted.lease()).join();
        }
        for (int minute = 0; minute < 60; minute++) {
            clock.advance(Duration.ofMinutes(1));
            sweep();
        }
        assertThat(qwiet.calls(Call.LIST)).isEqualTo(2);
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
        clock.advance(LeaseRevoker.SETTLE);
        sweep();
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void dropsAnIntentWhenNoTokenCanTurnUpAnyMore() {
        qwiet.next(Call.CREATE, Turn.LOST, Turn.NOT_SENT);
        leasing.mint(qwiet.client(), Leases.order("shop#1")).join();
        // The look right after the call counts for nothing: the list may have to catch up.
        clock.advance(Looks.APART);
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        clock.advance(LeaseRevoker.SETTLE.minusSeconds(1));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(sweep()).isEqualTo(new Sweep(0, 1, 0, 0, 0));
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void dropsNoIntentBecauseTheClockSaysThatItIsLongAgo() throws IOException {
        store.put(Leases.intent(1, "shop#1").released(clock.instant()));
        var steady = new AtomicLong();
        leasing = new Leasing(store, clock, steady::get, Leases.nonces());
        janitor = new Janitor(leasing, lease -> client, lease -> false, clock, 4);
        steady.addAndGet(Looks.APART.toNanos());
        sweep();
        clock.advance(Duration.ofDays(2));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        steady.addAndGet(LeaseRevoker.SETTLE.toNanos());
        assertThat(sweep()).isEqualTo(new Sweep(0, 1, 0, 0, 0));
    }

    @Test
    void dropsNothingBecauseItsTimeHasPassed() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        client = Optional.empty();
        clock.advance(Duration.ofDays(2));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        assertThat(store.leases()).hasSize(1);

        client = Optional.of(qwiet.client());
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void oneQuestionEndsALeaseWhoseTokenHasExpired() throws IOException {
        Lease lease = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(lease);
        qwiet.expire(lease.tokenId());
        clock.advance(Duration.ofHours(2));
        assertThat(sweep()).isEqualTo(new Sweep(0, 1, 0, 0, 0));
        assertThat(qwiet.calls()).isEqualTo(1);
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        qwiet.next(Call.DELETE, Turn.LOST);
        var steady = new AtomicLong();
        leasing = new Leasing(store, clock, steady::get, Leases.nonces());
        janitor = new Janitor(leasing, lease -> client, lease -> false, clock, 4);
        sweep();
        clock.advance(Duration.ofHours(-5));
        steady.addAndGet(Backoff.FIRST.toNanos());
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
    }

    @Test
    void aListThatIsNotWholeProvesNoAbsence() throws IOException {
        store.put(Leases.intent(1, "shop#1"));
        qwiet.listsAreWhole(false);
        for (int i = 0; i < 5; i++) {
            clock.advance(LeaseRevoker.SETTLE);
            assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 1, 0));
        }
        assertThat(store.leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.lastError()).contains("may not be complete"));
    }

    @ParameterizedTest
    @EnumSource(names = {"INVALID", "CONFLICT", "GONE"})
    void whatQwietWillNotRevokeIsGoneOnlyWhenItIsNotListedTwice(Turn refusal) throws IOException {
        Lease lease = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(lease);
        qwiet.poison(lease.tokenId(), refusal);
        assertThat(sweep()).as("listed").isEqualTo(new Sweep(0, 0, 0, 1, 0));
        assertThat(store.leases().get(0).lastError()).contains("Qwiet said 4");

        qwiet.expire(lease.tokenId());
        clock.advance(A_WHILE);
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        assertThat(store.leases()).hasSize(1);
        clock.advance(Looks.APART);
        assertThat(sweep()).isEqualTo(new Sweep(0, 1, 0, 0, 0));
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void whatQwietWillNotRevokeAndDoesNotListYetIsNotGone() throws IOException {
        Lease lease = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(lease);
        qwiet.unlist(lease.tokenId());
        qwiet.next(Call.DELETE, Turn.CONFLICT);
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        qwiet.listAll();
        clock.advance(Looks.APART);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void saysThatThereIsNoCredentialAndWaits() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        client = Optional.empty();
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        Lease lease = store.leases().get(0);
        assertThat(lease.lastError()).contains("No service account", "service-account");
        assertThat(lease.failingSince()).isEqualTo(clock.instant());

        int operations = disk.operations();
        clock.advance(Duration.ofMinutes(5));
        sweep();
        assertThat(disk.operations()).as("written once").isEqualTo(operations);

        client = Optional.of(qwiet.client());
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
    }

    @Test
    void triesSlowlyWhatItMayNotRevoke() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        qwiet.always(Turn.FORBIDDEN);
        for (int minute = 0; minute < 24 * 60; minute++) {
            assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(qwiet.calls(Call.DELETE)).isBetween(24, 36);
        assertThat(store.leases()).singleElement().satisfies(lease -> {
            assertThat(lease.state()).isEqualTo(Lease.State.UNREVOCABLE);
            assertThat(lease.lastError()).contains("403");
        });
        qwiet.endScript();
        clock.advance(Leases.AN_HOUR);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
    }

    @Test
    void triesAtOnceWhatWasForbiddenWhenSettingsChange() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        store.put(Leases.intentOf(Leases.liveIn(qwiet, 2, "shop#2", clock)));
        qwiet.always(Turn.FORBIDDEN);
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 2));
        qwiet.endScript();
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 2));
        janitor.endPauses();
        assertThat(sweep()).isEqualTo(new Sweep(2, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
    }

    /** The pass asked with the account as it was; its answer comes after the account is mended. */
    @ParameterizedTest
    @EnumSource(names = {"DELETE", "LIST"})
    void triesAtOnceWhatWasForbiddenByAnAnswerThatWasUnderWayWhenSettingsChanged(Call call) throws IOException {
        Lease live = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(call == Call.LIST ? Leases.intentOf(live) : live);
        qwiet.next(call, Turn.HANGS);
        CompletableFuture<Sweep> underWay = janitor.sweep();
        assertThat(underWay).isNotDone();

        janitor.endPauses();
        qwiet.hanging().forEach(JanitorTest::isForbidden);

        assertThat(underWay).isCompletedWithValue(new Sweep(0, 0, 0, 0, 1));
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
    }

    @SuppressWarnings("unchecked")
    private static void isForbidden(CompletableFuture<?> call) {
        ((CompletableFuture<Outcome<?>>) call).complete(new Outcome.Refused<>(403, "FORBIDDEN", "scope", List.of()));
    }

    @Test
    void whatMayNotBeRevokedEndsWhenItIsOverAndNotListed() throws IOException {
        Lease lease = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(lease);
        qwiet.poison(lease.tokenId(), Turn.FORBIDDEN);
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        clock.advance(Leases.AN_HOUR.plusMinutes(1));
        assertThat(sweep()).as("listed").isEqualTo(new Sweep(0, 0, 0, 0, 1));
        qwiet.expire(lease.tokenId());
        clock.advance(Leases.AN_HOUR);
        assertThat(sweep()).as("first look").isEqualTo(new Sweep(0, 0, 0, 0, 1));
        clock.advance(Looks.APART);
        assertThat(sweep()).isEqualTo(new Sweep(0, 1, 0, 0, 0));
    }

    @Test
    void comesAgainWhenItIsAskedTo() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        qwiet.next(Call.DELETE, Turn.RETRY_LATER);
        sweep();
        clock.advance(ScriptedQwiet.LATER.minusSeconds(1));
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
    }

    @Test
    void aServiceThatAsksToWaitIsLeftAloneAsAWhole() throws IOException {
        for (int i = 1; i <= 100; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        qwiet.always(Turn.RETRY_LATER);
        sweep();
        assertThat(qwiet.calls()).isLessThanOrEqualTo(5);
        int calls = qwiet.calls();
        clock.advance(ScriptedQwiet.LATER.minusSeconds(1));
        sweep();
        assertThat(qwiet.calls()).isEqualTo(calls);
    }

    @Test
    void oneTokenThatAlwaysFailsHoldsUpNothing() throws IOException {
        Lease poisoned = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(poisoned);
        qwiet.poison(poisoned.tokenId(), Turn.LOST);
        for (int i = 2; i <= 50; i++) {
            clock.advance(Duration.ofSeconds(1));
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        assertThat(sweep()).isEqualTo(new Sweep(49, 0, 0, 1, 0));
    }

    @Test
    void aListThatAlwaysFailsKeepsNoTokenAliveWhoseIdIsKnown() throws IOException {
        store.put(Leases.intentOf(Leases.liveIn(qwiet, 1, "shop#1", clock)));
        for (int i = 2; i <= 50; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        qwiet.next(Call.LIST, Turn.LOST, Turn.LOST);
        assertThat(sweep()).isEqualTo(new Sweep(49, 0, 0, 1, 0));
    }

    @Test
    void sweepingAllSkipsNothingThoughAPassThatSkippedIsUnderWay() throws IOException {
        Lease failed = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(failed);
        qwiet.next(Call.DELETE, Turn.LOST);
        sweep();
        var other = new ScriptedQwiet(clock, "1f0c2f5e-0000-4000-8000-000000000002");
        store.put(Leases.liveIn(other, 2, "bank#1", clock));
        other.next(Call.DELETE, Turn.HANGS);
        janitor = new Janitor(
                leasing,
                lease -> Optional.of(
                        lease.organization().equals(qwiet.organization()) ? qwiet.client() : other.client()),
                lease -> false,
                clock,
                4);
        qwiet.next(Call.DELETE, Turn.LOST);
        CompletableFuture<Sweep> first = janitor.sweep();
        assertThat(first).isNotDone();
        janitor.sweepAll();
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void sweepingAllTriesEveryLeaseHoweverManyFail() throws IOException {
        for (int i = 1; i <= 30; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        qwiet.always(Turn.LOST);
        assertThat(janitor.sweepAll().join()).isEqualTo(new Sweep(0, 0, 0, 30, 0));
    }

    @Test
    void aCallThatIsNeverAnsweredHoldsUpNothingForEver() throws IOException {
        for (int i = 1; i <= 20; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        qwiet.next(Call.DELETE, Turn.HANGS);
        assertThat(janitor.sweep()).isNotDone();
        clock.advance(Duration.ofMinutes(10));
        // Its own token neither: it is asked for anew.
        assertThat(sweep()).isEqualTo(new Sweep(20, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void anIntentThatAnotherEndedDuringTheSearchDoesNotWait() throws IOException {
        Lease intent = Leases.intent(1, "shop#1");
        store.put(intent);
        qwiet.next(Call.LIST, Turn.HANGS);
        CompletableFuture<Sweep> sweep = janitor.sweep();
        store.remove(intent.nonce());
        @SuppressWarnings("unchecked")
        var list = (CompletableFuture<Outcome<Listed>>) qwiet.hanging().get(0);
        list.complete(new Outcome.Done<>(new Listed(0, true)));
        assertThat(sweep).isCompletedWithValue(new Sweep(0, 1, 0, 0, 0));
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
            assertThat(sweep.failed() + sweep.waiting()).isEqualTo(500);
            clock.advance(Duration.ofSeconds(10));
        }
        assertThat(qwiet.calls()).as("two a minute").isLessThan(80);
        qwiet.endScript();
        clock.advance(A_WHILE);
        assertThat(sweep()).isEqualTo(new Sweep(500, 0, 0, 0, 0));
        assertThat(qwiet.tokens()).isEmpty();
        clock.advance(LeaseRevoker.SETTLE);
        sweep();
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
        clock.advance(Backoff.FIRST);
        assertThat(sweep()).isEqualTo(new Sweep(3, 0, 0, 0, 0));
    }

    @Test
    void whatWillAlwaysFailDoesNotStandInTheWay() throws IOException {
        Lease poisoned = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(poisoned);
        qwiet.poison(poisoned.tokenId(), Turn.UNAUTHORIZED);
        assertThat(sweep().failed()).isEqualTo(1);
        for (int i = 2; i <= 10; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
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
    void aFullDiskDoesNotKeepItFromRevoking() throws IOException {
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock));
        disk.fill();
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 0, 0));
        assertThat(store.leases()).isEmpty();
        disk.mend();
        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, 0));
        assertThat(Leases.store(directory.resolve("leases"), clock).leases())
                .as("the pass has written what the disk refused")
                .isEmpty();
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
        var memory = Leases.store(directory.resolve("memory"), clock, new Nowhere());
        for (int i = 1; i <= 10_000; i++) {
            memory.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        leasing = new Leasing(memory, clock, Leases.nonces());
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
                    public void revoked(Lease lease, Revocation.Revoked revoked) {
                        told.add(lease.buildId());
                        throw new IllegalStateException("scripted");
                    }
                },
                clock,
                1);
        assertThat(sweep()).isEqualTo(new Sweep(1, 0, 0, 1, 0));
        assertThat(told).hasSize(1);
        clock.advance(Backoff.FIRST);
        sweep();
        assertThat(told).containsExactlyInAnyOrder("shop#1", "shop#2");
    }

    @Test
    void knowsItsLastPassAndWhatItLeavesAlone() throws IOException {
        assertThat(janitor.last()).isEmpty();
        for (int i = 1; i <= GroupTries.FAILURES; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock));
        }
        qwiet.always(Turn.UNAUTHORIZED);
        Sweep sweep = sweep();
        assertThat(sweep).isEqualTo(new Sweep(0, 0, 0, GroupTries.FAILURES, 0));
        assertThat(janitor.last()).contains(new Janitor.Done(clock.instant(), sweep));
        assertThat(janitor.pauses()).singleElement().satisfies(pause -> {
            assertThat(pause.what()).contains(qwiet.organization().orgId(), "service-account");
            assertThat(pause.until()).isEqualTo(clock.instant().plus(Backoff.FIRST));
        });

        assertThat(sweep()).isEqualTo(new Sweep(0, 0, 0, 0, GroupTries.FAILURES));
        clock.advance(Backoff.FIRST);
        assertThat(janitor.pauses()).isEmpty();
    }

    private Sweep sweep() {
        return janitor.sweep().join();
    }
}
