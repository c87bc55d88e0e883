package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.RetryLimits;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.lease.MintResult;
import io.jenkins.plugins.qwiet.lease.StoreOfWorld;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * One process of Jenkins, from its start until it is killed: the real code of {@code lease} and {@code api}, and around it
 * what the room {@code grant} does with them for builds. Everything happens in the events of its world.
 */
final class Controller {
    private static final Duration SWEEPS = Duration.ofMinutes(1);
    private static final Duration WELL_KNOWN = Duration.ofMinutes(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    private static final Duration LONGEST_SWEEP = Duration.ofHours(1);
    private static final int JANITOR_CALLS = 16;

    private final World world;
    private final Timeline timeline;
    private final Dice dice;
    private final Timeline.Life life = new Timeline.Life();
    private final LongSupplier nanoTime;
    private final Executor threads;
    private final QwietClients clients;
    private LeaseStore store;
    private Leasing leasing;
    private Janitor janitor;
    private boolean stopping;
    private long openedAt;
    private boolean sweeping;
    private long sweepingSince;
    private int mints;
    /** Since when builds wait for a token, by the number of the mint. */
    private final Map<Integer, Long> waiting = new LinkedHashMap<>();

    Controller(World world) {
        this.world = world;
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
                settings -> new VirtualNetwork(world, life));
    }

    Timeline.Life life() {
        return life;
    }

    /** Null as long as the disk did not let it be read. */
    LeaseStore store() {
        return store;
    }

    void start() {
        world.say("start", () -> "");
        timeline.after(dice.skewed(0, 2_000_000_000L), life, this::sweep);
        timeline.after(SWEEPS, life, this::timer);
        for (Build build : world.builds()) {
            resume(build);
        }
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
            janitor.sweep().whenComplete((swept, thrown) -> {
                sweeping = false;
                world.say("swept", () -> swept == null ? String.valueOf(thrown) : swept.toString());
            });
        }
    }

    void sweepNow() {
        if (open()) {
            janitor.sweepAll();
        }
    }

    boolean isStopping() {
        return stopping;
    }

    /** As Jenkins is stopped: what was changed gets to the disk. */
    void stop(Runnable afterwards) {
        stopping = true;
        if (store == null) {
            afterwards.run();
        } else {
            store.close().whenComplete((closed, thrown) -> afterwards.run());
        }
    }

    /** False if the disk does not let it be; then it is tried anew the next time. */
    private boolean open() {
        if (store != null) {
            return true;
        }
        try {
            LeaseStore opened =
                    StoreOfWorld.open(world.disk(life), world.home(), world.wallClock(), () -> dice.hex(32), threads);
            leasing = new Leasing(opened, world.wallClock(), nanoTime, () -> dice.hex(32));
            janitor =
                    new Janitor(leasing, this::clientFor, this::mayStillUse, world.wallClock(), JANITOR_CALLS, threads);
            store = opened;
            openedAt = timeline.now();
            if (!store.resting().isEmpty()) {
                world.say("rest", () -> store.resting().size() + " leases");
                timeline.after(world.people().decideWithin(), life, this::takeOver);
            }
            return true;
        } catch (IOException e) {
            world.say("no store", e::getMessage);
            return false;
        }
    }

    private void takeOver() {
        world.say("take over", () -> "");
        store.takeOverResting().exceptionally(e -> {
            world.say("not taken over", e::getMessage);
            return null;
        });
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

    private Optional<QwietClient> clientFor(Lease lease) {
        if (world.people().isUnseen(lease.nonce())) {
            return Optional.empty();
        }
        return client(lease.account().credentialsId(), lease.organization());
    }

    private Optional<QwietClient> client(String credentialsId, Organization organization) {
        return world.people()
                .bearer(credentialsId)
                .map(bearer -> clients.client(ConnectionSettings.defaults(), organization, SecretText.of(bearer)));
    }

    /** As JanitorBuilds: the job of a running build may have got another name. */
    private boolean mayStillUse(Lease lease) {
        return world.builds().stream()
                .anyMatch(build -> build.isRunning()
                        && (build.id().equals(lease.buildId()) || build.held().containsKey(lease.nonce())));
    }

    /** A new build. */
    void begin(Build build) {
        world.say("build", () -> build.id() + (build.resumes() ? "" : ", freestyle"));
        goOn(build);
    }

    private void resume(Build build) {
        if (!build.isRunning()) {
            return;
        }
        world.say("resumes", build::id);
        build.held()
                .values()
                .forEach(held ->
                        timeline.after(held.returnsAt() - timeline.now(), life, () -> giveBack(build, held.nonce())));
        goOn(build);
    }

    private void goOn(Build build) {
        long rest = Math.max(0, build.endsAt() - timeline.now());
        for (int mints = dice.between(0, 3); mints > 0; mints--) {
            timeline.after(dice.skewed(0, rest), life, () -> mint(build));
        }
        timeline.after(rest, life, () -> end(build));
    }

    private void mint(Build build) {
        if (!build.isRunning() || !open()) {
            return;
        }
        String credentialsId = dice.oneOf(world.people().credentialsIds());
        var organization =
                new Organization(ApiAddress.parse(World.ADDRESS), world.people().organization(credentialsId));
        Optional<QwietClient> client = client(credentialsId, organization);
        if (client.isEmpty()) {
            return;
        }
        // What is forgotten must be seen to live on.
        var validFor = Duration.ofSeconds(dice.chance(0.3) ? 86_400 : dice.skewed(60, 86_400));
        String url = "https://jenkins.example/" + build.id().replace('#', '/');
        var request =
                new MintRequest("scan", "of the shop", validFor, Account.ofJenkins(credentialsId), build.id(), url);
        CompletableFuture<MintResult> minting = leasing.mint(client.get(), request);
        int mint = mints++;
        waiting.put(mint, timeline.now());
        minting.whenComplete((result, thrown) -> waiting.remove(mint));
        if (!world.weather().isCalm() && dice.chance(0.1)) {
            timeline.after(dice.skewed(0, 60_000_000_000L), life, () -> minting.cancel(true));
        }
        long returnsAt = timeline.now() + dice.skewed(0, Math.max(1, build.endsAt() - timeline.now()) * 2);
        minting.thenAcceptAsync(result -> record(build, result, returnsAt), threads);
    }

    private void record(Build build, MintResult result, long returnsAt) {
        world.say("mint", () -> build.id() + ": " + result.getClass().getSimpleName());
        if (!(result instanceof MintResult.Minted minted)) {
            return;
        }
        String nonce = minted.lease().nonce();
        String tokenId = minted.token().id();
        build.held().put(nonce, new Build.Held(nonce, tokenId, returnsAt));
        if (!build.isRunning()) {
            giveBack(build, nonce);
            return;
        }
        world.ledger().use(tokenId, build.id());
        timeline.after(returnsAt - timeline.now(), life, () -> giveBack(build, nonce));
    }

    /** The end of a block. */
    private void giveBack(Build build, String nonce) {
        Build.Held held = build.held().remove(nonce);
        if (held != null) {
            world.ledger().noLongerUsed(held.tokenId());
            if (open()) {
                leasing.release(nonce);
                store.find(nonce).ifPresent(this::finish);
            }
        }
    }

    /** As {@code EndOfBuild} and {@code TokenRevoker} do: what is over is over on disk first. */
    private void end(Build build) {
        if (!build.isRunning()) {
            return;
        }
        build.end();
        world.say("build ends", build::id);
        List<String> nonces = List.copyOf(build.held().keySet());
        build.held().values().forEach(held -> world.ledger().noLongerUsed(held.tokenId()));
        build.held().clear();
        if (!open()) {
            return;
        }
        Map<String, Lease> open = new LinkedHashMap<>();
        store.ofBuild(build.id()).forEach(lease -> open.put(lease.nonce(), lease));
        nonces.forEach(nonce -> store.find(nonce).ifPresent(lease -> open.put(nonce, lease)));
        open.values().stream().filter(lease -> lease.releasedAt() == null).forEach(this::finish);
    }

    private void finish(Lease lease) {
        leasing.release(lease.nonce());
        threads.execute(() -> clientFor(lease).ifPresent(client -> leasing.revoke(client, lease)));
    }

    /** An administrator revokes the tokens that there are, used or not. */
    void recallAll() {
        if (!open()) {
            return;
        }
        for (Lease lease : new ArrayList<>(store.leases())) {
            if (lease.tokenId() != null) {
                world.say("recalled", lease::tokenId);
                world.ledger().recalled(lease.tokenId());
                finish(lease);
            }
        }
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
        long longAgo = timeline.now() - LONGEST_WAIT.toNanos();
        if (!waiting.isEmpty() && waiting.values().iterator().next() < longAgo) {
            world.violation("A build waits for its token for more than " + LONGEST_WAIT.toMinutes() + " minutes");
        }
        if (sweeping && sweepingSince < timeline.now() - LONGEST_SWEEP.toNanos()) {
            world.violation("The janitor hangs");
        }
    }

    List<Lease> leases() {
        return store == null ? List.of() : store.leases();
    }
}
