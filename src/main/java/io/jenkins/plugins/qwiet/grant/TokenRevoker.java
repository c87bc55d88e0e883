package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.LeaseWatcher.Work;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.Revocation;
import io.jenkins.plugins.qwiet.lease.Revocation.Revoked;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Revokes tokens of builds when their use is over, and tells the build. Never blocks, never fails a build; what cannot be
 * revoked now is left to the janitor.
 */
public final class TokenRevoker {
    private static final Logger LOGGER = Logger.getLogger(TokenRevoker.class.getName());

    /** So many tokens of a build, whose use is over, are being revoked while it goes on. */
    private static final int MOST_BEHIND = 10;

    /** By nonce. */
    private static final Map<String, UnderWay> UNDER_WAY = new ConcurrentHashMap<>();

    private final JenkinsLeases leases = JenkinsLeases.get();
    private final Run<?, ?> run;
    private final TaskListener log;

    /** @param log where it says what happened */
    public TokenRevoker(@NonNull Run<?, ?> run, @NonNull TaskListener log) {
        this.run = run;
        this.log = log;
    }

    /**
     * Revokes all tokens that the build still has, as nobody uses them any more. A token whose use was over before and of which the
     * build was told that it could not be revoked is the janitor's, and not tried again here; one that is just being revoked is
     * waited for.
     *
     * @return always completes normally
     */
    @NonNull
    public CompletableFuture<Void> revokeAll() {
        records().forEach(token -> end(token.lineId()));
        return withLeasing(leasing -> {
            LostLeases.find(run, leasing.store(), leases.clock().instant());
            RestingTokens.tell(run, log, leasing.store(), records());
            return finish(leasing, open(leasing.store()));
        });
    }

    /**
     * Revokes those tokens of the running build that nobody uses any more: neither an open block, nor what comes later in
     * another branch, or after the branches that are open.
     *
     * @return always completes normally
     */
    @NonNull
    public CompletableFuture<Void> revokeUnused() {
        var others = OtherBranches.of(run);
        BuildTokens.of(run).ifPresent(BuildTokens::settle);
        List<TokenRecord> unused = BuildTokens.of(run).stream()
                .flatMap(tokens ->
                        tokens.getTokens().stream().filter(token -> !others.mayUse(token, tokens.getTokens())))
                .toList();
        unused.stream().filter(TokenRecord::isCurrent).forEach(token -> end(token.lineId()));
        return withLeasing(leasing ->
                finish(leasing, unused.stream().flatMap(token -> leasing.store().find(token.nonce()).stream())));
    }

    /** Revokes those of which the build was not told yet, and waits for what is being revoked: also for what has no lease any more, and is being said. */
    private CompletableFuture<Void> finish(Leasing leasing, Stream<Lease> some) {
        CompletableFuture<Void> before = whenRevoked();
        return CompletableFuture.allOf(Stream.concat(
                        Stream.of(before),
                        some.filter(lease -> lease.releasedAt() == null || isUnderWay(lease.nonce()) || isUntold(lease))
                                .map(lease -> finish(leasing, lease).end))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Whether Jenkins stopped before Qwiet answered. */
    private boolean isUntold(Lease lease) {
        return records().anyMatch(token -> token.nonce().equals(lease.nonce()) && token.isUntold());
    }

    /**
     * Revokes nothing, and waits for what is being revoked of the build.
     *
     * @return always completes normally
     */
    @NonNull
    public CompletableFuture<Void> whenRevoked() {
        return CompletableFuture.allOf(records()
                .flatMap(token -> Optional.ofNullable(UNDER_WAY.get(token.nonce())).stream())
                .map(underWay -> underWay.end)
                .toArray(CompletableFuture<?>[]::new));
    }

    private void end(String lineId) {
        BuildTokens.of(run).ifPresent(tokens -> {
            tokens.said().givenBack(lineId);
            tokens.end(List.of(lineId), true);
        });
    }

    /** Revokes a token that nobody was given, or that died of its age; says nothing, as it concerns nobody. */
    void revokeQuietly(String nonce) {
        withLeasing(leasing -> leasing.store()
                .find(nonce)
                .map(lease -> {
                    leasing.release(nonce);
                    return revocation(leasing, lease)
                            .thenAcceptAsync(revocation -> noteQuietly(lease, revocation), leases.savesOf(run));
                })
                .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    private Stream<TokenRecord> records() {
        return BuildTokens.of(run).stream().flatMap(tokens -> tokens.getTokens().stream());
    }

    /** Those that the build was given, and those that it was not given yet. */
    private Stream<Lease> open(LeaseStore store) {
        Stream<Lease> given = records().flatMap(token -> store.find(token.nonce()).stream());
        Stream<Lease> notYet =
                store.ofBuild(run.getExternalizableId()).stream().filter(lease -> BuildsOfLeases.isOf(run, lease));
        return Stream.concat(given, notYet)
                .collect(Collectors.toMap(Lease::nonce, lease -> lease, (one, same) -> one))
                .values()
                .stream();
    }

    /**
     * Revokes a token, and all that were minted in its place; always completes normally. If it is gone already, says so and
     * does no more.
     *
     * @param nonce of the first token of its line
     */
    @NonNull
    public CompletableFuture<Void> revoke(@NonNull String nonce) {
        return revoke(nonce, underWay -> underWay.end);
    }

    /**
     * As {@link #revoke(String)}, for who goes on when the token's use is over, and need not know what Qwiet answers: the log is
     * told, the end of the build waits for it, and what a crash leaves is the janitor's. Behind {@value #MOST_BEHIND} that a build is
     * waiting for already, it goes on when the token is revoked.
     *
     * @return always completes normally, when the disk has that it is to be revoked, or does not take it
     */
    @NonNull
    public CompletableFuture<Void> giveBack(@NonNull String nonce) {
        return revoke(nonce, underWay -> goesOnBehind() ? underWay.kept : underWay.end);
    }

    /** If Qwiet hangs, tokens that nobody uses would become as many as the build has blocks. */
    private boolean goesOnBehind() {
        return records().filter(token -> isUnderWay(token.nonce())).count() <= MOST_BEHIND;
    }

    private CompletableFuture<Void> revoke(String nonce, Function<UnderWay, CompletableFuture<Void>> until) {
        end(nonce);
        return withLeasing(leasing -> {
            List<String> nonces = Stream.concat(
                            Stream.of(nonce),
                            records()
                                    .filter(token -> token.lineId().equals(nonce))
                                    .map(TokenRecord::nonce))
                    .distinct()
                    .toList();
            List<Lease> line = nonces.stream()
                    .flatMap(each -> leasing.store().find(each).stream())
                    .toList();
            // Of another's it counts when that is taken over.
            nonces.stream().filter(leasing.store().others()::has).forEach(leasing::release);
            RestingTokens.tell(
                    run,
                    log,
                    leasing.store(),
                    records().filter(token -> token.lineId().equals(nonce)));
            if (line.isEmpty()) {
                sayThatItIsGone(nonce);
            }
            return CompletableFuture.allOf(line.stream()
                    .map(lease -> until.apply(finish(leasing, lease)))
                    .toArray(CompletableFuture<?>[]::new));
        });
    }

    /** For a moment at which no step of the build says anything. */
    @NonNull
    public static TokenRevoker inTheBackground(@NonNull Run<?, ?> run) {
        return new TokenRevoker(run, BuildLog.of(run));
    }

    /** Otherwise the log would not tell why what a block did with its token failed. */
    private void sayThatItIsGone(String nonce) {
        records().filter(record -> record.lineId().equals(nonce)).forEach(record -> {
            Instant at = record.revokedAt();
            if (at != null) {
                TokenLog.revokedBefore(log, record, at);
            } else if (record.expiredAt() != null) {
                TokenLog.over(log, record);
            }
        });
    }

    private CompletableFuture<Void> withLeasing(Function<Leasing, CompletableFuture<Void>> work) {
        try {
            return work.apply(leases.leasing()).exceptionally(problem -> {
                LOGGER.log(Level.WARNING, problem, () -> "Could not revoke the tokens of " + run);
                return null;
            });
        } catch (AbortException e) {
            leases.tell(Work.REVOCATION, Cause.DISK);
            log.error(e.getMessage());
            return CompletableFuture.completedFuture(null);
        }
    }

    /** What becomes of it is said in the log of who asked last: an earlier one may be closed by then. */
    private UnderWay finish(Leasing leasing, Lease lease) {
        var begun = new UnderWay(this);
        UnderWay same = UNDER_WAY.putIfAbsent(lease.nonce(), begun);
        if (same != null) {
            same.by = this;
            return same;
        }
        CompletableFuture<Void> kept;
        CompletableFuture<Void> end;
        if (QwietConfiguration.get().isRevokeAtEnd()) {
            // Written while Qwiet is asked, not before: should this process die in the middle of it, either the janitor
            // knows, or the token is revoked at the end of the build.
            kept = leasing.release(lease.nonce());
            end = revocation(leasing, lease)
                    .thenAcceptAsync(revocation -> begun.by.told().revoked(lease, revocation), leases.savesOf(run));
        } else {
            end = leaveToExpire(leasing, lease);
            kept = end;
        }
        kept.whenComplete((done, problem) -> begun.kept.complete(null));
        end.whenComplete((done, problem) -> {
            UNDER_WAY.remove(lease.nonce());
            if (problem != null) {
                LOGGER.log(Level.WARNING, problem, () -> "Could not revoke a token of " + run);
            }
            begun.kept.complete(null);
            begun.end.complete(null);
        });
        return begun;
    }

    static boolean isUnderWay(String nonce) {
        return UNDER_WAY.containsKey(nonce);
    }

    /** One token that is being revoked. */
    private static final class UnderWay {
        /** When a crash no longer makes anybody think that it is in use. */
        private final CompletableFuture<Void> kept = new CompletableFuture<>();

        /** When all is done, and said. */
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        private volatile TokenRevoker by;

        UnderWay(TokenRevoker by) {
            this.by = by;
        }
    }

    private CompletableFuture<Void> leaveToExpire(Leasing leasing, Lease lease) {
        return leasing.store()
                .remove(lease.nonce())
                .thenRunAsync(() -> told().leftToExpire(lease), leases.savesOf(run));
    }

    private ToldBuild told() {
        return new ToldBuild(run, log);
    }

    /** Whoever provides credentials may take long, or break; either way the build is told what came of it. */
    private CompletableFuture<Revocation> revocation(Leasing leasing, Lease lease) {
        return QwietConnections.get()
                .of(lease, leases.lookUps(run.getParent().getFullName()))
                .thenComposeAsync(client -> revoke(leasing, lease, client), leases.threads())
                .exceptionally(problem -> {
                    LOGGER.log(Level.WARNING, problem, () -> "Could not revoke a token of " + run);
                    leases.tell(Work.REVOCATION, Cause.CONFIGURATION);
                    return new Revocation.Failed(Messages.TokenRevoker_brokenLookUp());
                });
    }

    private CompletableFuture<Revocation> revoke(Leasing leasing, Lease lease, Optional<QwietClient> client) {
        if (client.isPresent()) {
            return leasing.revoke(client.get().patient(), lease);
        }
        leases.tell(Work.REVOCATION, Cause.CONFIGURATION);
        return CompletableFuture.supplyAsync(
                () -> new Revocation.Failed(QwietConnections.get().whyNone(lease)),
                leases.lookUps(run.getParent().getFullName()));
    }

    /** {@link #recall(Collection, Map)} for somebody who does not ask what became of each. */
    @NonNull
    public static CompletableFuture<Void> recall(@NonNull Collection<Lease> some) throws AbortException {
        return recall(some, new ConcurrentHashMap<>());
    }

    /**
     * Revokes tokens whether or not a build uses them: an administrator says so, or the job is gone. Of a line that somebody
     * holds, none takes the place of the one that is revoked. All goes on in the background.
     *
     * @param outcomes gets what became of each, by nonce, as soon as that is known; nothing for one without a credential, of
     *     which the lease says why. Safe on any thread
     * @return always completes normally, when all of them are revoked or have failed
     * @throws AbortException if the leases cannot be read or written, with a sentence that says where
     */
    @NonNull
    public static CompletableFuture<Void> recall(
            @NonNull Collection<Lease> some, @NonNull Map<String, Revocation> outcomes) throws AbortException {
        return recall(some, outcomes, new HashMap<>());
    }

    /** @param lookedUp gets, by lease, when its account is looked up or that has failed */
    static CompletableFuture<Void> recall(
            Collection<Lease> some, Map<String, Revocation> outcomes, Map<Lease, CompletableFuture<?>> lookedUp)
            throws AbortException {
        Leasing leasing = JenkinsLeases.get().leasing();
        TokenLines.end(some.stream().map(Lease::nonce).collect(Collectors.toSet()));
        return CompletableFuture.allOf(some.stream()
                .map(lease -> {
                    CompletableFuture<Optional<QwietClient>> client = client(lease);
                    lookedUp.put(lease, client);
                    return recall(leasing, lease, client, outcomes);
                })
                .toArray(CompletableFuture[]::new));
    }

    /** Empty if whoever provides credentials breaks. */
    private static CompletableFuture<Optional<QwietClient>> client(Lease lease) {
        return QwietConnections.get()
                .of(lease, JenkinsLeases.get().lookUps(lease.job()))
                .exceptionally(problem -> {
                    LOGGER.log(Level.WARNING, problem, () -> "Could not look up an account for " + lease.buildId());
                    return Optional.empty();
                });
    }

    private static CompletableFuture<Void> recall(
            Leasing leasing,
            Lease lease,
            CompletableFuture<Optional<QwietClient>> lookedUp,
            Map<String, Revocation> outcomes) {
        var leases = JenkinsLeases.get();
        return leasing.release(lease.nonce())
                .thenCombine(lookedUp, (released, client) -> client)
                .thenComposeAsync(
                        client -> client.map(c -> leasing.revoke(c, lease).thenAccept(done -> {
                                    outcomes.put(lease.nonce(), done);
                                    if (done instanceof Revoked revoked) {
                                        new JanitorBuilds(leases).recalled(lease, revoked);
                                    }
                                }))
                                .orElseGet(TokenRevoker::letTheJanitorSayWhy),
                        leases.threads());
    }

    private void noteQuietly(Lease lease, Revocation revocation) {
        if (revocation instanceof Revoked) {
            new JanitorBuilds(leases).note(lease);
        }
    }

    /** It writes into a lease that there is no credential for it. */
    private static CompletableFuture<Void> letTheJanitorSayWhy() {
        try {
            return JenkinsLeases.get().janitor().sweep().thenAccept(sweep -> {});
        } catch (AbortException e) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
