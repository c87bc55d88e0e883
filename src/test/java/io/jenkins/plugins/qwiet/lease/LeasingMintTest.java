package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.Retry;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Call;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeasingMintTest {
    private final FakeClock clock = new FakeClock(Leases.TEN);
    private final ScriptedQwiet qwiet = new ScriptedQwiet(clock);
    private final FaultyDisk disk = FaultyDisk.sound();

    @TempDir
    Path directory;

    private LeaseStore store;
    private Leasing leasing;

    @BeforeEach
    void open() throws IOException {
        store = Leases.store(directory.resolve("leases"), clock, disk);
        leasing = new Leasing(store, clock, Leases.nonces());
    }

    @Test
    void mintsUnderALease() throws IOException {
        var minted = (MintResult.Minted) mint();

        Token token = qwiet.tokens().get(0);
        assertThat(minted.token().id()).isEqualTo(token.id());
        assertThat(minted.lease().tokenId()).isEqualTo(token.id());
        assertThat(minted.lease().state()).isEqualTo(Lease.State.LIVE);
        assertThat(minted.lease().expiresAt()).isEqualTo(clock.instant().plus(Leases.AN_HOUR));
        assertThat(token.description())
                .isEqualTo("scans the shop [jenkins:" + Leases.nonce(1) + " https://jenkins.example/job/shop/1/]");
        assertThat(reopened().leases()).containsExactly(minted.lease());
    }

    @Test
    void aTokenIsOnItsWayUntilItArrived() {
        qwiet.next(Call.CREATE, Turn.HANGS);
        CompletableFuture<MintResult> cancelled = leasing.mint(qwiet.client(), Leases.order("shop#1"));
        assertThat(leasing.isOnItsWay(Leases.nonce(1))).isTrue();
        cancelled.cancel(true);
        assertThat(leasing.isOnItsWay(Leases.nonce(1))).isFalse();

        String nonce = ((MintResult.Minted) mint()).lease().nonce();
        assertThat(leasing.isMinting(nonce)).isFalse();
        assertThat(leasing.isOnItsWay(nonce)).isTrue();
        leasing.arrived(nonce);
        assertThat(leasing.isOnItsWay(nonce)).isFalse();
    }

    @Test
    void theIntentIsOnDiskBeforeAnythingIsSent() throws IOException {
        qwiet.next(Call.CREATE, Turn.HANGS);
        leasing.mint(qwiet.client(), Leases.order("shop#1"));

        assertThat(reopened().leases()).singleElement().satisfies(lease -> {
            assertThat(lease.state()).isEqualTo(Lease.State.INTENT);
            assertThat(lease.end()).isEqualTo(End.UNKNOWN);
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void followsItsJobThoughThatIsMovedDuringTheMint() throws IOException {
        qwiet.next(Call.CREATE, Turn.HANGS);
        CompletableFuture<MintResult> mint = leasing.mint(qwiet.client(), Leases.order("shop#1"));
        store.move("shop", "mall/shop");
        var made = new MintedToken("token-1", SecretText.of("the value"), End.NEVER);
        ((CompletableFuture<Outcome<MintedToken>>) qwiet.hanging().get(0)).complete(new Outcome.Done<>(made));
        var minted = (MintResult.Minted) mint.join();
        assertThat(minted.lease().buildId()).isEqualTo("mall/shop#1");
        assertThat(reopened().ofBuild("mall/shop#1")).containsExactly(minted.lease());
    }

    @Test
    @SuppressWarnings("unchecked")
    void followsItsJobThoughThatIsMovedBeforeTheSecondAttempt() {
        qwiet.next(Call.CREATE, Turn.HANGS);
        CompletableFuture<MintResult> mint =
                leasing.mint(qwiet.client(), Leases.order("shop#1", new Account("service-account", "shop", null)));
        store.move("shop", "mall/shop");
        ((CompletableFuture<Outcome<MintedToken>>) qwiet.hanging().get(0)).complete(new Outcome.Unsure<>("Cut."));
        var minted = (MintResult.Minted) mint.join();
        assertThat(minted.lease().buildId()).isEqualTo("mall/shop#1");
        assertThat(minted.lease().account().item()).isEqualTo("mall/shop");
        assertThat(store.ofBuild("mall/shop#1")).hasSize(2);
    }

    @Test
    void saysWhyItAsksForAnotherToken() {
        qwiet.next(Call.CREATE, Turn.LOST);
        List<Retry> told = new ArrayList<>();
        var minted = leasing.mint(qwiet.client(), Leases.order("shop#1"), leasing.moment(), told::add)
                .join();
        assertThat(minted).isInstanceOf(MintResult.Minted.class);
        assertThat(told).singleElement().satisfies(retry -> {
            assertThat(retry.after()).isZero();
            assertThat(retry.reason()).contains("no token is listed");
        });
    }

    @Test
    void theValueIsInNoFile() throws IOException {
        var minted = (MintResult.Minted) mint();
        String value = minted.token().value().reveal();
        assertThat(value).startsWith(ScriptedQwiet.VALUE);
        for (Path file : LeaseStoreTest.files(store.directory())) {
            assertThat(Files.readString(file)).doesNotContain(value).doesNotContain("value");
        }
        assertThat(minted.toString()).doesNotContain(value);
    }

    @Test
    void aRefusalIsPassedOnAndLeavesNothing() {
        qwiet.next(Call.CREATE, Turn.INVALID);
        assertThat(mint()).isInstanceOfSatisfying(MintResult.Refused.class, refused -> {
            assertThat(refused.answer().status()).isEqualTo(400);
            assertThat(refused.answer().validationErrors()).containsExactly("label: too long");
        });
        assertThat(store.leases()).isEmpty();
        assertThat(qwiet.calls()).isEqualTo(1);
    }

    @Test
    void whatWasNotSentLeavesNothing() {
        qwiet.next(Call.CREATE, Turn.NOT_SENT);
        assertThat(mint()).isEqualTo(new MintResult.Unreachable("Connection refused."));
        assertThat(store.leases()).isEmpty();
        assertThat(qwiet.calls()).isEqualTo(1);
    }

    @Test
    void nothingIsSentWhenTheDiskIsFull() {
        disk.fill();
        assertThat(mint())
                .isInstanceOfSatisfying(
                        MintResult.NotRecorded.class,
                        result -> assertThat(result.reason())
                                .contains(
                                        "No space left on device",
                                        store.directory().toString()));
        assertThat(qwiet.calls()).isZero();
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void nothingIsSentWhileJenkinsShutsDown() throws IOException {
        on(work -> {
            throw new RejectedExecutionException();
        });
        assertThat(mint()).isInstanceOf(MintResult.NotRecorded.class);
        assertThat(qwiet.calls()).isZero();
    }

    @Test
    void aTokenWhoseIdCannotBeWrittenIsRevokedAtOnce() throws IOException {
        on(afterwards(1, disk::fill));
        assertThat(mint()).isInstanceOf(MintResult.NotRecorded.class);
        assertThat(qwiet.made()).isEqualTo(1);
        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void aTokenWhoseIdCannotBeWrittenOrRevokedIsLeftToTheJanitor() throws IOException {
        on(afterwards(1, disk::fill));
        qwiet.next(Call.DELETE, Turn.LOST);
        assertThat(mint()).isInstanceOf(MintResult.Undecided.class);
        assertThat(store.leases()).singleElement().satisfies(lease -> {
            assertThat(lease.tokenId()).isEqualTo(qwiet.tokens().get(0).id());
            assertThat(lease.releasedAt()).isNotNull();
        });
    }

    @Test
    void anUnsureTokenIsRevokedAndAnotherMinted() {
        qwiet.next(Call.CREATE, Turn.ANSWER_LOST);
        var minted = (MintResult.Minted) mint();
        assertThat(qwiet.made()).isEqualTo(2);
        assertThat(qwiet.tokens())
                .extracting(Token::id)
                .containsExactly(minted.token().id());
        assertThat(minted.lease().nonce()).isEqualTo(Leases.nonce(2));
        assertThat(store.find(Leases.nonce(2))).contains(minted.lease());
        assertThat(store.find(Leases.nonce(1)))
                .as("kept until its nonce is looked for once more")
                .hasValueSatisfying(lease -> assertThat(lease.releasedAt()).isNotNull());
    }

    @Test
    void aTokenWhoseValueIsLostIsRevokedByItsId() {
        qwiet.next(Call.CREATE, Turn.HANGS);
        CompletableFuture<MintResult> mint = leasing.mint(qwiet.client(), Leases.order("shop#1"));
        Token made = qwiet.add("a description that Qwiet cut");
        answerCreate(new Outcome.Unsure<>("The answer has no value.", null, new Outcome.Made(made.id(), null)));
        assertThat(qwiet.tokens()).doesNotContain(made);
        assertThat(mint).isCompletedWithValueMatching(MintResult.Minted.class::isInstance, "another is minted");
    }

    @Test
    void aTokenWhoseValueIsLostAndThatCannotBeRevokedNowIsKnownByItsId() {
        qwiet.next(Call.CREATE, Turn.HANGS).next(Call.DELETE, Turn.LOST);
        CompletableFuture<MintResult> mint = leasing.mint(qwiet.client(), Leases.order("shop#1"));
        Token made = qwiet.add("a description that Qwiet cut");
        answerCreate(new Outcome.Unsure<>("The answer has no value.", null, new Outcome.Made(made.id(), null)));
        assertThat(mint).isCompletedWithValueMatching(MintResult.Undecided.class::isInstance);
        assertThat(store.leases()).singleElement().satisfies(lease -> {
            assertThat(lease.tokenId()).isEqualTo(made.id());
            assertThat(lease.releasedAt()).isNotNull();
        });
    }

    @Test
    void aLeaseKnowsNoEndThatQwietDidNotName() throws IOException {
        qwiet.nameNoEnd();
        var minted = (MintResult.Minted) mint();
        assertThat(minted.lease().end()).isEqualTo(End.NEVER);
        assertThat(reopened().leases()).containsExactly(minted.lease());
    }

    /** That Qwiet named none would not be true. */
    @Test
    @SuppressWarnings("unchecked")
    void aLeaseKeepsThatItsEndIsUnknown() throws IOException {
        qwiet.next(Call.CREATE, Turn.HANGS);
        CompletableFuture<MintResult> mint = leasing.mint(qwiet.client(), Leases.order("shop#1"));
        assertThat(store.leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.end()).isEqualTo(End.UNKNOWN));
        var made = new MintedToken("token-1", SecretText.of("the value"), End.UNKNOWN);
        ((CompletableFuture<Outcome<MintedToken>>) qwiet.hanging().get(0)).complete(new Outcome.Done<>(made));
        var minted = (MintResult.Minted) mint.join();
        assertThat(minted.lease().end()).isEqualTo(End.UNKNOWN);
        assertThat(reopened().leases()).containsExactly(minted.lease());
    }

    @SuppressWarnings("unchecked")
    private void answerCreate(Outcome<MintedToken> outcome) {
        ((CompletableFuture<Outcome<MintedToken>>) qwiet.hanging().get(0)).complete(outcome);
    }

    @Test
    void anIntentWhoseTokenMayStillTurnUpIsKeptWhileAnotherIsMinted() {
        qwiet.next(Call.CREATE, Turn.LATE);
        var minted = (MintResult.Minted) mint();
        assertThat(store.find(Leases.nonce(1))).hasValueSatisfying(lease -> {
            assertThat(lease.state()).isEqualTo(Lease.State.INTENT);
            assertThat(lease.releasedAt()).isEqualTo(clock.instant());
        });
        assertThat(store.find(Leases.nonce(2))).contains(minted.lease());
    }

    @Test
    void triesAgainOnceOnly() {
        qwiet.always(Turn.ANSWER_LOST);
        qwiet.next(Call.LIST, Turn.SOUND, Turn.SOUND).next(Call.DELETE, Turn.SOUND, Turn.SOUND);
        assertThat(mint())
                .isInstanceOfSatisfying(
                        MintResult.Unreachable.class,
                        result -> assertThat(result.reason()).contains("The connection was cut;", "revoked"));
        assertThat(qwiet.calls(Call.CREATE)).isEqualTo(2);
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(store.leases()).hasSize(2).allMatch(lease -> lease.releasedAt() != null);
    }

    @Test
    void doesNotTryAgainWhenItTookLong() throws IOException {
        qwiet.next(Call.CREATE, Turn.LOST);
        on(afterwards(1, () -> clock.advance(Duration.ofMinutes(3))));
        assertThat(mint()).isInstanceOf(MintResult.Undecided.class);
        assertThat(qwiet.calls(Call.CREATE)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_SENT", "UNAUTHORIZED", "FORBIDDEN", "LOST", "BREAKS", "THROWS"})
    void cannotReconcileWithoutTheList(Turn list) {
        qwiet.next(Call.CREATE, Turn.ANSWER_LOST).next(Call.LIST, list);
        assertThat(mint())
                .isInstanceOfSatisfying(
                        MintResult.Undecided.class,
                        result -> assertThat(result.reason()).contains("The connection was cut;"));
        assertThat(qwiet.calls(Call.CREATE)).isEqualTo(1);
        assertThat(store.leases()).singleElement().satisfies(lease -> {
            assertThat(lease.tokenId()).isNull();
            assertThat(lease.releasedAt()).isNotNull();
            assertThat(lease.lastError()).isNotNull();
            assertThat(lease.unrevocable()).isEqualTo(list == Turn.FORBIDDEN);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_SENT", "UNAUTHORIZED", "FORBIDDEN", "LOST", "BREAKS", "THROWS"})
    void cannotReconcileWithoutRevoking(Turn delete) {
        qwiet.next(Call.CREATE, Turn.ANSWER_LOST).next(Call.DELETE, delete);
        assertThat(mint()).isInstanceOf(MintResult.Undecided.class);
        assertThat(qwiet.calls(Call.CREATE)).isEqualTo(1);
        assertThat(store.leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.releasedAt()).isNotNull());
    }

    @ParameterizedTest
    @EnumSource(names = {"BREAKS", "THROWS"})
    void aClientThatMisbehavesCountsAsUnsure(Turn turn) {
        qwiet.next(Call.CREATE, turn, turn);
        assertThat(mint()).isInstanceOf(MintResult.Undecided.class);
        assertThat(store.leases()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"HANGS", "DONE_AND_HANGS"})
    void cancellingEndsTheCallAndRevokesWhatItMade(Turn turn) {
        qwiet.next(Call.CREATE, turn);
        CompletableFuture<MintResult> mint = leasing.mint(qwiet.client(), Leases.order("shop#1"));
        assertThat(mint).isNotDone();
        mint.cancel(true);

        assertThat(qwiet.hanging()).allMatch(CompletableFuture::isCancelled);
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(qwiet.calls(Call.CREATE)).as("nobody waits for another").isEqualTo(1);
        assertThat(leasing.isMinting(Leases.nonce(1))).isFalse();
        assertThat(store.leases()).hasSize(1).allMatch(lease -> lease.releasedAt() != null);
    }

    @Test
    void cancelledBeforeAnythingIsSentNothingIs() throws IOException {
        var work = new ArrayDeque<Runnable>();
        on(work::add);
        leasing.mint(qwiet.client(), Leases.order("shop#1")).cancel(true);
        runAll(work);
        assertThat(qwiet.calls()).isZero();
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void cancelledWhenTheTokenIsJustThereItIsRevoked() throws IOException {
        var work = new ArrayDeque<Runnable>();
        var mint = new AtomicReference<CompletableFuture<MintResult>>();
        leasing = whileItsIdIsWritten(work::add, () -> {
            assertThat(qwiet.tokens()).hasSize(1);
            mint.get().cancel(true);
        });
        mint.set(leasing.mint(qwiet.client(), Leases.order("shop#1")));
        runAll(work);
        assertThat(mint.get()).isCancelled();
        assertThat(qwiet.made()).isEqualTo(1);
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(leasing.store().leases()).isEmpty();
    }

    @Test
    void theCallersThreadTouchesNoFile() throws IOException {
        var work = new ArrayDeque<Runnable>();
        on(work::add);
        CompletableFuture<MintResult> mint = leasing.mint(qwiet.client(), Leases.order("shop#1"));
        assertThat(disk.operations()).isZero();
        assertThat(qwiet.calls()).isZero();
        runAll(work);
        assertThat(mint).isCompletedWithValueMatching(MintResult.Minted.class::isInstance);
    }

    @Test
    void aMintUnderWayIsWaitedForBeforeItIsRevoked() throws IOException {
        var revocation = new AtomicReference<CompletableFuture<Revocation>>();
        leasing = whileItsIdIsWritten(Runnable::run, () -> {
            revocation.set(
                    leasing.revoke(qwiet.client(), leasing.store().leases().get(0)));
            assertThat(revocation.get()).isNotDone();
        });
        mint();
        assertThat(revocation.get()).isCompletedWithValue(new Revocation.Revoked(true));
        assertThat(qwiet.tokens()).isEmpty();
    }

    private MintResult mint() {
        return leasing.mint(qwiet.client(), Leases.order("shop#1")).join();
    }

    private LeaseStore reopened() throws IOException {
        return Leases.store(directory.resolve("leases"), clock);
    }

    /** With another store, whose files are written by this. */
    private void on(Executor files) throws IOException {
        store = Leases.store(directory.resolve("others"), clock, disk, files);
        leasing = new Leasing(store, clock, Leases.nonces());
    }

    /** What happens while the second record of a mint is on its way to the disk. */
    private Leasing whileItsIdIsWritten(Executor files, Runnable event) throws IOException {
        var interrupted = new Leases.UnlockedDisk() {
            @Override
            public OpenFile create(Path file) throws IOException {
                OpenFile made = super.create(file);
                return file.toString().endsWith(".jsonl") ? meanwhile(made, event) : made;
            }
        };
        return new Leasing(
                Leases.store(directory.resolve("others"), clock, interrupted, files), clock, Leases.nonces());
    }

    private static Disk.OpenFile meanwhile(Disk.OpenFile file, Runnable event) {
        var appended = new AtomicInteger();
        return new PassingFile(file) {
            @Override
            public void append(byte[] bytes) throws IOException {
                super.append(bytes);
                if (appended.incrementAndGet() == 2) {
                    event.run();
                }
            }
        };
    }

    private static void runAll(Queue<Runnable> work) {
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    /** Runs work at once, and something else after so many pieces of it; then what that work led to. */
    private static Executor afterwards(int pieces, Runnable event) {
        var queue = new ArrayDeque<Runnable>();
        var done = new int[1];
        return work -> {
            queue.add(work);
            if (queue.size() > 1) {
                return;
            }
            while (!queue.isEmpty()) {
                queue.peek().run();
                queue.remove();
                if (++done[0] == pieces) {
                    event.run();
                }
            }
        };
    }
}
