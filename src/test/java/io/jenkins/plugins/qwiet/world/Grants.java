package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.lease.MintResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What the room {@code grant} does for the builds of one process: mints, hands out, gives back, revokes at the end. */
final class Grants {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    /**
     * What a build asks for.
     *
     * @param returnsAt true time when it gives it back
     */
    record Order(String credentialsId, Duration validFor, long returnsAt) {}

    private final Installation home;
    private final Controller controller;
    private final World world;
    private final Timeline timeline;
    private final Dice dice;
    private final Executor threads;
    private int mints;
    /** Since when builds wait for a token, by the number of the mint. */
    private final Map<Integer, Long> waiting = new LinkedHashMap<>();

    Grants(Installation home, Controller controller, Executor threads) {
        this.home = home;
        this.controller = controller;
        this.world = home.world();
        this.timeline = world.timeline();
        this.dice = world.dice();
        this.threads = threads;
    }

    /** As BuildsOfLeases: the job of a running build may have got another name. */
    boolean mayStillUse(Lease lease) {
        return home.builds().stream()
                .anyMatch(build -> build.isRunning()
                        && (build.id().equals(lease.buildId()) || build.held().containsKey(lease.nonce())));
    }

    /** A new build, which mints now and then. */
    void begin(Build build) {
        add(build);
        goOn(build);
    }

    /** A new build, which mints nothing by itself. */
    void add(Build build) {
        home.builds().add(build);
        world.say("build", () -> build.id() + (build.resumes() ? "" : ", freestyle"));
    }

    /** The builds that were running before this process. */
    void resume() {
        home.builds().stream().filter(Build::isRunning).toList().forEach(build -> {
            world.say("resumes", build::id);
            build.held().values().forEach(held -> after(held.returnsAt(), () -> giveBack(build, held.nonce())));
            goOn(build);
        });
    }

    private void goOn(Build build) {
        long rest = Math.max(0, build.endsAt() - timeline.now());
        for (int each = dice.between(0, 3); each > 0; each--) {
            timeline.after(dice.skewed(0, rest), controller.life(), () -> mint(build));
        }
        endInTime(build);
    }

    /** Lets a build end when it is over. */
    void endInTime(Build build) {
        after(build.endsAt(), () -> end(build));
    }

    private void after(long time, Runnable task) {
        timeline.after(time - timeline.now(), controller.life(), task);
    }

    private void mint(Build build) {
        // What is forgotten must be seen to live on.
        var validFor = Duration.ofSeconds(dice.chance(0.3) ? 86_400 : dice.skewed(60, 86_400));
        long returnsAt = timeline.now() + dice.skewed(0, Math.max(1, build.endsAt() - timeline.now()) * 2);
        CompletableFuture<MintResult> minting =
                mint(build, new Order(dice.oneOf(world.people().credentialsIds()), validFor, returnsAt));
        if (!world.weather().isCalm() && dice.chance(0.1)) {
            timeline.after(dice.skewed(0, 60_000_000_000L), controller.life(), () -> minting.cancel(true));
        }
    }

    /** A token for a build, if that runs, and if it can be asked for; then the build holds it until it gives it back. */
    CompletableFuture<MintResult> mint(Build build, Order order) {
        String credentialsId = order.credentialsId();
        var organization =
                new Organization(ApiAddress.parse(World.ADDRESS), world.people().organization(credentialsId));
        Optional<QwietClient> client = controller.client(credentialsId, organization);
        if (!build.isRunning() || !controller.open() || client.isEmpty()) {
            return new CompletableFuture<>();
        }
        String url = "https://jenkins.example/" + build.id().replace('#', '/');
        var request = new MintRequest(
                "scan", "of the shop", order.validFor(), Account.ofJenkins(credentialsId), build.id(), url);
        CompletableFuture<MintResult> minting = controller.leasing().mint(client.get(), request);
        int mint = mints++;
        int tampered = home.tampering().acts();
        waiting.put(mint, timeline.now());
        minting.whenComplete((result, thrown) -> {
            waiting.remove(mint);
            world.broke(thrown);
            if (result instanceof MintResult.NotRecorded refused
                    && tampered == home.tampering().acts()) {
                checkThatTheDiskIsUnwell(refused);
            }
        });
        minting.thenAcceptAsync(result -> record(build, result, order.returnsAt()), threads);
        return minting;
    }

    /** Whatever somebody did to the files before, the next lease is written. */
    private void checkThatTheDiskIsUnwell(MintResult.NotRecorded refused) {
        if (world.weather().disksAreGood()
                && !home.disk().isFull()
                && home.isAlone(controller.life())
                && controller.open()) {
            world.violation("No token, though the disk is well: " + refused.reason());
        }
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
        world.ledger().use(tokenId, nonce, build);
        after(returnsAt, () -> giveBack(build, nonce));
    }

    /** The end of a block. */
    private void giveBack(Build build, String nonce) {
        Build.Held held = build.held().remove(nonce);
        if (held != null) {
            world.ledger().noLongerUsed(held.tokenId(), build);
            if (controller.open()) {
                controller.leasing().release(nonce);
                controller.store().find(nonce).ifPresent(this::finish);
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
        build.held().values().forEach(held -> world.ledger().noLongerUsed(held.tokenId(), build));
        build.held().clear();
        if (!controller.open()) {
            return;
        }
        Map<String, Lease> open = new LinkedHashMap<>();
        controller.store().ofBuild(build.id()).forEach(lease -> open.put(lease.nonce(), lease));
        nonces.forEach(nonce -> controller.store().find(nonce).ifPresent(lease -> open.put(nonce, lease)));
        open.values().stream().filter(lease -> lease.releasedAt() == null).forEach(this::finish);
    }

    private void finish(Lease lease) {
        controller.leasing().release(lease.nonce());
        threads.execute(() -> controller
                .clientFor(lease)
                .ifPresent(client -> controller.leasing().revoke(client, lease)));
    }

    /** An administrator revokes the tokens that there are, used or not. */
    void recallAll() {
        if (!controller.open()) {
            return;
        }
        for (Lease lease : new ArrayList<>(controller.leases())) {
            if (lease.tokenId() != null) {
                world.say("recalled", lease::tokenId);
                world.ledger().recalled(lease.tokenId());
                finish(lease);
            }
        }
    }

    /** No build may wait for ever, whatever fails. */
    void checkThatNothingHangs() {
        long longAgo = timeline.now() - LONGEST_WAIT.toNanos();
        if (!waiting.isEmpty() && waiting.values().iterator().next() < longAgo) {
            world.violation("A build waits for its token for more than " + LONGEST_WAIT.toMinutes() + " minutes");
        }
    }
}
