package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.RetryLimits;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Home;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import io.jenkins.plugins.qwiet.lease.StoreOfWorld;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One process of Jenkins, from its start until it is killed: the real code of {@code lease} and {@code api}, its store and
 * its janitor. Everything happens in the events of its world.
 */
final class Controller {
    private static final Duration SWEEPS = Duration.ofMinutes(1);
    private static final Duration KNOCKS = Duration.ofSeconds(20);
    private static final Duration WELL_KNOWN = Duration.ofMinutes(5);
    private static final Duration LONGEST_SWEEP = Duration.ofHours(1);
    private static final int JANITOR_CALLS = 16;

    private final Installation home;
    private final World world;
    private final Timeline timeline;
    private final Dice dice;
    private final Timeline.Life life = new Timeline.Life();
    /** As it found them when it started. */
    private final Home signs;

    private final LongSupplier nanoTime;
    private final Executor threads;
    private final QwietClients clients;
    private final Grants grants;
    private LeaseStore store;
    private Leasing leasing;
    private Janitor janitor;
    private boolean stopping;
    private boolean closed;
    private Written writtenAtTheEnd;
    private long openedAt;
    private boolean started;
    private boolean sweeping;
    private long sweepingSince;
    private final Upkeep upkeep;
    private final Decisions decisions;

    Controller(Installation home) {
        this.home = home;
        this.world = home.world();
        this.signs = home.signs();
        this.timeline = world.timeline();
        this.dice = world.dice();
        long boot = dice.random().nextLong() / 4;
        this.nanoTime = () -> boot + timeline.now();
        this.threads = task -> timeline.after(dice.skewed(1_000, 5_000_000), life, task);
        this.clients = new QwietClients(
                world.wallClock(),
                nanoTime,
                RetryLimits.DEFAULT,
                (task, delay) -> timeline.after(delay, life, task)::callOff,
                settings -> new VirtualNetwork(home, life));
        this.grants = new Grants(home, this, threads);
        this.upkeep = new Upkeep(home, this);
        this.decisions = new Decisions(home, this);
    }

    Timeline.Life life() {
        return life;
    }

    /** Null as long as the disk did not let it be read. */
    LeaseStore store() {
        return store;
    }

    /** Not before {@link #open}. */
    Leasing leasing() {
        return leasing;
    }

    /** What it does for builds. */
    Grants grants() {
        return grants;
    }

    boolean isStarted() {
        return started;
    }

    void start() {
        started = true;
        world.say("start", () -> home.isCopy() ? "a copy" : "");
        timeline.after(dice.skewed(0, 2_000_000_000L), life, this::sweep);
        timeline.after(SWEEPS, life, this::timer);
        grants.resume();
    }

    private void timer() {
        timeline.after(SWEEPS, life, this::timer);
        sweep();
    }

    /** Not before the last one is over: there is one thread for it. */
    private void sweep() {
        if (!sweeping && open()) {
            sweeping = true;
            sweepingSince = timeline.now();
            upkeep.begin();
            janitor.sweep().whenComplete((swept, thrown) -> {
                sweeping = false;
                world.say("swept", () -> swept == null ? String.valueOf(thrown) : swept.toString());
                world.broke(thrown);
            });
            decisions.askIfAnyRest();
        }
    }

    /** What it does for the files of its home. */
    Upkeep upkeep() {
        return upkeep;
    }

    void sweepNow() {
        if (open()) {
            janitor.sweepAll();
        }
    }

    /** Tries now and then to open the leases of a home that another process has. */
    void knock() {
        open();
        timeline.after(KNOCKS, life, () -> {
            if (home.controller() != this && !started) {
                knock();
            }
        });
    }

    boolean isStopping() {
        return stopping;
    }

    /** Whether it may write what it knows of them. */
    boolean hasTheLeases() {
        return store != null && !closed && !life.isOver();
    }

    Home signs() {
        return signs;
    }

    /** As Jenkins is stopped: what was changed gets to the disk. */
    void stop(Runnable afterwards) {
        stopping = true;
        if (store == null) {
            afterwards.run();
            return;
        }
        List<Lease> known = all(store).toList();
        int failures = home.disk().failures();
        int acts = home.tampering().acts();
        store.close().whenComplete((nothing, thrown) -> {
            closed = true;
            if (home.disk().failures() == failures && home.tampering().acts() == acts && !home.isShared()) {
                writtenAtTheEnd = Written.of(known, all(store).toList());
            }
            afterwards.run();
        });
    }

    /** What it knew when it was stopped, if the disk took all of it; else null. */
    Written writtenAtTheEnd() {
        return writtenAtTheEnd;
    }

    /** False if the disk does not let it be, or another process; then it is tried anew the next time. */
    boolean open() {
        if (store != null) {
            return true;
        }
        try {
            LeaseStore opened = StoreOfWorld.open(
                    home.disk().view(life),
                    signs,
                    world.wallClock(),
                    nanoTime,
                    () -> dice.hex(32),
                    threads,
                    world.weather().smallestLimit());
            leasing = new Leasing(opened, world.wallClock(), nanoTime, this::nonce);
            janitor = new Janitor(
                    leasing, this::clientFor, grants::mayStillUse, world.wallClock(), JANITOR_CALLS, threads);
            store = opened;
            openedAt = timeline.now();
            upkeep.count();
            checkWhatWasWritten();
            home.opened(this);
            decisions.askIfAnyRest();
            return true;
        } catch (IOException e) {
            world.say("no store", e::getMessage);
            return false;
        }
    }

    private void checkWhatWasWritten() {
        Written before = home.takeWrittenAtTheEnd();
        List<Lease> now = all(store).toList();
        if (before != null && !before.isIn(now)) {
            world.violation("Stopped in order with " + before + ", and started with " + now);
        }
    }

    private static Stream<Lease> all(LeaseStore store) {
        return Stream.concat(store.leases().stream(), store.resting().stream().map(RestingLease::lease));
    }

    private String nonce() {
        String nonce = dice.hex(32);
        world.ledger().thoughtOf(nonce, home);
        upkeep.count();
        return nonce;
    }

    /** Whether it has known such a lease for some time, of a token in use. */
    boolean knows(Predicate<Lease> such) {
        long longAgo = timeline.now() - WELL_KNOWN.toNanos();
        return store != null
                && openedAt < longAgo
                && store.leases().stream()
                        .anyMatch(lease -> lease.releasedAt() == null
                                && lease.failure() == null
                                && lease.tokenId() != null
                                && world.ledger().isUsedSince(lease.tokenId(), longAgo)
                                && such.test(lease));
    }

    Optional<QwietClient> clientFor(Lease lease) {
        if (world.people().isUnseen(lease.nonce())) {
            return Optional.empty();
        }
        return client(lease.account().credentialsId(), lease.organization());
    }

    Optional<QwietClient> client(String credentialsId, Organization organization) {
        return world.people()
                .bearer(credentialsId)
                .map(bearer -> clients.client(ConnectionSettings.defaults(), organization, SecretText.of(bearer)));
    }

    /** A job or a folder gets another name. */
    void rename(Build.Job job, String name) {
        if (!open()) {
            return;
        }
        String before = job.name();
        job.rename(name);
        store.move(before, name).exceptionally(e -> {
            world.say("not moved", e::getMessage);
            return null;
        });
    }

    /** Nothing may wait for ever, whatever fails. */
    void checkThatNothingHangs() {
        grants.checkThatNothingHangs();
        if (sweeping && sweepingSince < timeline.now() - LONGEST_SWEEP.toNanos()) {
            world.violation("The janitor hangs");
        }
    }

    List<Lease> leases() {
        return store == null ? List.of() : store.leases();
    }
}
