package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Call;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fault of every call crossed with every other call's, and every fault of every file operation crossed with every
 * fault of the mint: whatever happens, after the janitor no token is left that no build uses, and no lease without one.
 */
@ExtendWith(QuietLeases.class)
class FaultMatrixTest {
    private static final String BUILD = "shop#1";
    // With these the mint does not end by itself.
    private static final Set<Turn> ENDINGS =
            EnumSet.of(Turn.HANGS, Turn.DONE_AND_HANGS, Turn.MACHINE_STOPS_BEFORE, Turn.MACHINE_STOPS_AFTER);

    private static final Set<Turn> UNSURE = EnumSet.of(
            Turn.LOST, Turn.ANSWER_LOST, Turn.LATE, Turn.HANGS, Turn.DONE_AND_HANGS, Turn.BREAKS, Turn.THROWS);

    private final Supplier<String> nonces = Leases.nonces();
    private int lives;

    @TempDir
    Path directory;

    /** How the life of one token went. */
    private final class Life {
        final FakeClock clock = new FakeClock(Leases.TEN);
        final ScriptedQwiet qwiet = new ScriptedQwiet(clock);
        final Machine machine = new Machine();
        final Path place = directory.resolve("life-" + lives++).resolve("leases");
        final boolean buildGoesOn;
        final String name;
        LeaseStore store;
        Leasing leasing;
        MintResult result;
        boolean usedAtTheEnd;

        Life(String name, boolean buildGoesOn) {
            this.name = name + (buildGoesOn ? ", build goes on" : ", build over");
            this.buildGoesOn = buildGoesOn;
        }

        /** The build mints; and if it is over, revokes. */
        void live(Disk disk) throws IOException {
            try {
                store = Leases.store(place, clock, disk);
                leasing = new Leasing(store, clock, nonces);
                QwietClient client = qwiet.client(machine);
                CompletableFuture<MintResult> mint = leasing.mint(client, Leases.order(BUILD));
                if (!mint.isDone()) {
                    mint.cancel(true);
                }
                if (mint.isCancelled() || machine.hasStopped()) {
                    return;
                }
                result = mint.join();
                checkAfterMint();
                usedAtTheEnd = buildGoesOn && result instanceof MintResult.Minted;
                if (!buildGoesOn && result instanceof MintResult.Minted minted) {
                    leasing.revoke(client, minted.lease());
                }
            } catch (Machine.Stopped e) {
                // Nobody is there any more.
            }
        }

        /** What is certain even before the janitor comes. */
        void checkAfterMint() {
            if (result instanceof MintResult.Minted minted) {
                assertThat(store.find(minted.lease().nonce())).as(name).contains(minted.lease());
            } else if (!(result instanceof MintResult.Undecided)) {
                assertThat(qwiet.tokens()).as(name).isEmpty();
            }
        }

        /** Everything works again; Jenkins is started anew if the machine stopped, or anyway. */
        void janitor(boolean restart) throws IOException {
            qwiet.endScript();
            qwiet.catchUp();
            if (restart || machine.hasStopped()) {
                restart();
            }
            sweepUntilSettled(buildGoesOn);
            if (!usedAtTheEnd && buildGoesOn && (machine.hasStopped() || restart)) {
                // For all the new process knows, the token was handed out: then its lease ends with the build. If it
                // was
                // revoked, a list without it is taken for an old one until the token has expired.
                sweepUntilSettled(true);
                sweepUntilSettled(true);
                assertThat(store.leases()).as(name).allMatch(lease -> lease.tokenId() != null);
                sweepUntilSettled(false);
            }
        }

        /** No look at the list is trusted alone. */
        void sweepUntilSettled(boolean buildRuns) {
            for (int i = 0; i < 4; i++) {
                sweep(buildRuns);
            }
        }

        void restart() throws IOException {
            store = Leases.store(place, clock, FaultyDisk.sound());
            leasing = new Leasing(store, clock, nonces);
        }

        /** As the machine allows; what hangs is left hanging. */
        void beginSweep() {
            clock.advance(LeaseRevoker.SETTLE.plus(Duration.ofMinutes(1)));
            try {
                new Janitor(leasing, lease -> Optional.of(qwiet.client(machine)), lease -> false, clock, 2).sweep();
            } catch (Machine.Stopped e) {
                // Nobody is there any more.
            }
        }

        void sweep(boolean buildRuns) {
            clock.advance(LeaseRevoker.SETTLE.plus(Duration.ofMinutes(1)));
            new Janitor(leasing, lease -> Optional.of(qwiet.client()), lease -> buildRuns, clock, 2)
                    .sweep()
                    .join();
        }

        void check() {
            List<String> used =
                    usedAtTheEnd ? List.of(((MintResult.Minted) result).token().id()) : List.of();
            assertThat(qwiet.tokens()).as(name).extracting(Token::id).containsExactlyElementsOf(used);
            assertThat(store.leases()).as(name).extracting(Lease::tokenId).containsExactlyElementsOf(used);
        }
    }

    @Test
    void everyFaultOfEveryCall() throws IOException {
        for (Turn create : Turn.values()) {
            for (Turn list : Turn.values()) {
                for (Turn delete : Turn.values()) {
                    if (!UNSURE.contains(create) && list != Turn.SOUND) {
                        continue; // Nobody would list.
                    }
                    for (boolean goesOn : new boolean[] {true, false}) {
                        if (create != Turn.DOUBLED || !goesOn) { // The second goes when the build is over.
                            walk(create, list, delete, goesOn);
                        }
                    }
                }
            }
        }
        assertThat(lives).isGreaterThan(2500);
    }

    private void walk(Turn create, Turn list, Turn delete, boolean goesOn) throws IOException {
        var life = new Life(create + ", " + list + ", " + delete, goesOn);
        life.qwiet.next(Call.CREATE, create).next(Call.LIST, list).next(Call.DELETE, delete);
        boolean ends = ENDINGS.contains(create) || ENDINGS.contains(list) || ENDINGS.contains(delete);
        // Where no machine is started anew, nothing needs to be on a disk, and it is ten times as fast.
        life.live(ends ? new FaultyDisk(life.machine, 0, FaultyDisk.Fault.FAILS) : new Nowhere());
        // What hangs without having been cancelled ends with the process.
        life.janitor(life.qwiet.hanging().stream().anyMatch(call -> !call.isDone()));
        life.check();
    }

    @Test
    void everySingleFaultLeavesTheOneTokenInUseOrNone() throws IOException {
        for (Turn create : Turn.values()) {
            if (create == Turn.LATE || create == Turn.DOUBLED || ENDINGS.contains(create)) {
                continue; // Later than the mint's end: the janitor's, as the others show.
            }
            var life = new Life(create + " alone", true);
            life.qwiet.next(Call.CREATE, create);
            life.live(FaultyDisk.sound());
            List<String> used = life.result instanceof MintResult.Minted minted
                    ? List.of(minted.token().id())
                    : List.of();
            assertThat(life.qwiet.tokens()).as(life.name).extracting(Token::id).containsExactlyElementsOf(used);
        }
    }

    @Test
    void everyFaultOfTheJanitorsOwnCalls() throws IOException {
        for (Turn create : EnumSet.of(Turn.SOUND, Turn.ANSWER_LOST, Turn.LATE)) {
            for (Call call : EnumSet.of(Call.LIST, Call.DELETE)) {
                for (Turn janitors : Turn.values()) {
                    walkWithJanitor(create, call, janitors);
                }
            }
        }
    }

    /** The build left something behind, and the first pass of the janitor goes wrong as well. */
    private void walkWithJanitor(Turn create, Call call, Turn janitors) throws IOException {
        var life = new Life(create + ", then " + janitors + " for the janitor's " + call, false);
        life.qwiet
                .next(Call.CREATE, create)
                .next(Call.LIST, Turn.LOST)
                .next(Call.DELETE, Turn.LOST)
                .next(call, janitors);
        life.live(new FaultyDisk(life.machine, 0, FaultyDisk.Fault.FAILS));
        life.qwiet.catchUp();
        life.beginSweep();
        life.janitor(life.qwiet.hanging().stream().anyMatch(done -> !done.isDone()));
        life.check();
    }

    @Test
    void everyFaultOfEveryFileOperation() throws IOException {
        Set<Turn> creates = EnumSet.of(Turn.SOUND, Turn.LOST, Turn.ANSWER_LOST, Turn.LATE, Turn.INVALID, Turn.NOT_SENT);
        Set<Turn> later = EnumSet.of(Turn.SOUND, Turn.LOST, Turn.ANSWER_LOST);
        for (Turn create : creates) {
            for (Turn list : UNSURE.contains(create) ? later : EnumSet.of(Turn.SOUND)) {
                for (Turn delete : later) {
                    for (boolean goesOn : new boolean[] {true, false}) {
                        everyFaultOfEveryFileOperation(List.of(create, list, delete), goesOn, true);
                        everyFaultOfEveryFileOperation(List.of(create, list, delete), goesOn, false);
                    }
                }
            }
        }
        assertThat(lives).isGreaterThan(2500);
    }

    private void everyFaultOfEveryFileOperation(List<Turn> turns, boolean goesOn, boolean restart) throws IOException {
        int operations = walkWithDisk(turns, 0, FaultyDisk.Fault.FAILS, goesOn, restart);
        for (int at = 1; at <= operations; at++) {
            for (FaultyDisk.Fault fault : FaultyDisk.Fault.values()) {
                walkWithDisk(turns, at, fault, goesOn, restart);
            }
        }
    }

    /** @param turns of the first call to create, to list and to delete */
    private int walkWithDisk(List<Turn> turns, int at, FaultyDisk.Fault fault, boolean goesOn, boolean restart)
            throws IOException {
        var life = new Life(turns + ", " + fault + " at " + at + (restart ? ", restarted" : ""), goesOn);
        life.qwiet.next(Call.CREATE, turns.get(0)).next(Call.LIST, turns.get(1)).next(Call.DELETE, turns.get(2));
        var disk = new FaultyDisk(life.machine, at, fault);
        life.live(disk);
        int operations = disk.operations();
        disk.mend();
        life.janitor(restart);
        life.check();
        // What was not written down meanwhile comes to light, and goes, with the next start.
        life.restart();
        life.sweepUntilSettled(goesOn);
        life.check();
        life.store.mend().join();
        assertThat(LeaseStoreTest.files(life.place)).as(life.name).hasSizeLessThanOrEqualTo(4);
        life.restart();
        life.check();
        return operations;
    }
}
