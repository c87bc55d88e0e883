package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.api.ServerClock;
import io.jenkins.plugins.qwiet.config.Connection;
import io.jenkins.plugins.qwiet.config.Lifetime;
import io.jenkins.plugins.qwiet.lease.LeaseWatcher.Work;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.MintResult;
import io.jenkins.plugins.qwiet.lease.MintResult.Minted;
import io.jenkins.plugins.qwiet.redact.BuildMask;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Issues a token to a build: looks up what applies, mints under a lease, records and says so in the log. Never blocks. */
public final class TokenIssuer {
    /** Asks for a token now, later, or not at all. */
    interface Turn {
        /** @param mint as {@link io.jenkins.plugins.qwiet.lease.MintTurns#ask} wants it */
        @NonNull
        CompletableFuture<MintResult> ask(
                @NonNull Connection connection,
                @NonNull Function<Consumer<Outcome<?>>, CompletableFuture<MintResult>> mint);
    }

    private final JenkinsLeases leases = JenkinsLeases.get();
    private final Run<?, ?> run;
    private final TaskListener log;

    /** @param log where it says what happened */
    public TokenIssuer(@NonNull Run<?, ?> run, @NonNull TaskListener log) {
        this.run = run;
        this.log = log;
    }

    /**
     * Issues a token with the rights of the calling thread. Cancelling the future cancels the call to Qwiet; a token
     * that was made all the same is revoked.
     *
     * @return completes exceptionally with an {@link AbortException} that is fit for a log
     */
    @NonNull
    public CompletableFuture<IssuedToken> issue(@NonNull TokenRequest request) {
        Authentication user = Jenkins.getAuthentication2();
        Executor lookUps = leases.lookUps(run.getParent().getFullName());
        Executor asUser = task -> lookUps.execute(() -> {
            try (ACLContext ignored = ACL.as2(user)) {
                task.run();
            }
        });
        var issuing = new Issuing();
        CompletableFuture.supplyAsync(() -> resolve(request), asUser)
                .thenCompose(resolved -> issuing.mint(request, resolved, leasing(), user))
                .whenComplete((token, problem) -> issuing.done(token, problem));
        return issuing;
    }

    /**
     * Mints a token to take the place of one that is held, and lets it. Cancelling changes nothing.
     *
     * @param user with whose rights
     * @param turn asks when it is its turn
     * @return false if nobody holds it any more; completes exceptionally as {@link #issue} does
     */
    @NonNull
    CompletableFuture<Boolean> renew(@NonNull TokenRecord current, @NonNull Authentication user, @NonNull Turn turn) {
        TokenRequest asked = Objects.requireNonNull(current.line().request(), "such a token is not renewed");
        var request = new TokenRequest(
                current.label(),
                asked.description,
                asked.credentialsId,
                current.orgId(),
                current.variable(),
                current.orgVariable(),
                Lifetime.of(current.line().validFor().toSeconds()));
        Executor lookUps = leases.lookUps(run.getParent().getFullName());
        Executor asUser = task -> lookUps.execute(() -> {
            try (ACLContext ignored = ACL.as2(user)) {
                task.run();
            }
        });
        return CompletableFuture.supplyAsync(() -> resolveAgain(request, current), asUser)
                .thenComposeAsync(
                        resolved -> turn.ask(
                                        resolved.connection(),
                                        answered -> leasing()
                                                .mintOnce(
                                                        resolved.connection().client(),
                                                        resolved.mint(),
                                                        resolved.asOf(),
                                                        answered))
                                .thenComposeAsync(
                                        result -> arriving(result, () -> succeed(current, resolved, result)),
                                        leases.threads()),
                        leases.threads());
    }

    private CompletableFuture<Boolean> succeed(TokenRecord current, ResolvedRequest request, MintResult result) {
        IssuedToken token = token(request, result, MintFailure::ofRenewal);
        var lease = ((Minted) result).lease();
        BuildTokens tokens = BuildTokens.ofOrNew(run);
        // Hidden first, seen then.
        tokens.add(TokenRecord.of(
                        token,
                        lease,
                        leasing().store().others().here(),
                        leases.clock().instant(),
                        atQwiet(request),
                        current.line().next())
                .in(TokenRecord.Use.COMING));
        List<SecretText> others = tokens.line(current.lineId()).stream()
                .filter(other -> !other.nonce().equals(token.nonce))
                .map(other -> SecretText.of(Secret.toString(other.value())))
                .toList();
        return BuildMask.of(run)
                .tellAgentsThatKnow(others, SecretText.of(token.value.getPlainText()))
                .thenApplyAsync(
                        ignorant -> {
                            ignorant.forEach(agent -> tokens.said().agentNotTold(log, agent, token.id));
                            boolean held = tokens.succeed(token.nonce);
                            if (!held) {
                                new TokenRevoker(run, log).revokeQuietly(token.nonce);
                            }
                            return held;
                        },
                        leases.threads());
    }

    private ResolvedRequest resolve(TokenRequest request) {
        Leasing leasing = leasing(Work.MINT);
        try {
            return ResolvedRequest.of(run, request, leasing.moment());
        } catch (AbortException e) {
            leases.tell(Work.MINT, Cause.CONFIGURATION);
            throw new CompletionException(e);
        }
    }

    private ResolvedRequest resolveAgain(TokenRequest request, TokenRecord current) {
        Leasing leasing = leasing(Work.RENEWAL);
        try {
            return ResolvedRequest.again(
                    run, request, leasing.store().find(current.nonce()).orElse(null), leasing.moment());
        } catch (AbortException e) {
            leases.tell(Work.RENEWAL, Cause.CONFIGURATION);
            throw new CompletionException(e);
        }
    }

    private Leasing leasing(Work work) {
        try {
            return leases.leasing();
        } catch (AbortException e) {
            leases.tell(work, Cause.DISK);
            throw new CompletionException(e);
        }
    }

    /** Known to be open. */
    private Leasing leasing() {
        try {
            return leases.leasing();
        } catch (AbortException e) {
            throw new CompletionException(e);
        }
    }

    private IssuedToken record(TokenRequest asked, ResolvedRequest request, MintResult result, Authentication user) {
        IssuedToken token = token(request, result, MintFailure::of);
        var lease = ((Minted) result).lease();
        Instant now = leases.clock().instant();
        var line = new TokenLine(
                token.nonce,
                1,
                now.truncatedTo(ChronoUnit.MILLIS),
                request.mint().validFor(),
                asked.isRenewed(),
                asked.isFixed(),
                asked,
                request.connection().settings().apiHostVariable(),
                asked.block(),
                List.of(),
                TokenLine.NOT_BOUND,
                List.of());
        ScriptWords.know(run, token.variable, token.orgVariable);
        BuildLog.remember(run, log);
        BuildTokens tokens = BuildTokens.ofOrNew(run);
        TokenRecord made =
                TokenRecord.of(token, lease, leasing().store().others().here(), now, atQwiet(request), line);
        tokens.add(made);
        Renewals.get().hold(run, tokens, made, user);
        TokenLog.minted(log, lease);
        OtherOrganizations.tell(run, tokens, made, log);
        if (!request.connection().accountIsFindable()) {
            TokenLog.accountIsNotFindable(log, lease);
        }
        return token;
    }

    /** Until its build's record has it, only the leases know that it is on its way. */
    private <T> T arriving(MintResult result, Supplier<T> recording) {
        try {
            return recording.get();
        } finally {
            if (result instanceof Minted minted) {
                leasing().arrived(minted.lease().nonce());
            }
        }
    }

    /** What time it is by Qwiet's clock, as far as Qwiet said. */
    private Instant atQwiet(ResolvedRequest request) {
        ServerClock qwiets = request.connection().client().clock();
        return qwiets.skew() == null ? leases.clock().instant() : qwiets.now();
    }

    private static IssuedToken token(
            ResolvedRequest request, MintResult result, BiFunction<MintResult, ResolvedRequest, String> whyNot) {
        if (!(result instanceof Minted minted)) {
            throw new CompletionException(new AbortException(whyNot.apply(result, request)));
        }
        return new IssuedToken(
                minted.lease().nonce(),
                minted.token().id(),
                Secret.fromString(minted.token().value().reveal()),
                request.variable(),
                request.orgVariable(),
                request.orgId());
    }

    /** One token on its way; knows what to cancel. */
    private final class Issuing extends CompletableFuture<IssuedToken> {
        private CompletableFuture<MintResult> minting;
        private volatile CompletableFuture<Void> said = CompletableFuture.completedFuture(null);

        synchronized CompletableFuture<IssuedToken> mint(
                TokenRequest asked, ResolvedRequest request, Leasing leasing, Authentication user) {
            if (isCancelled()) {
                return CompletableFuture.failedFuture(new CancellationException());
            }
            minting = leasing.mint(request.connection().client(), request.mint(), request.asOf(), again -> {
                // Elsewhere: a log may be slow, and whoever tells this must not wait.
                if (!isDone()) {
                    said = said.thenRunAsync(() -> TokenLog.retry(log, request, again), leases.threads());
                }
            });
            return minting.thenCompose(result -> said.handle((done, problem) -> result))
                    .thenApplyAsync(
                            result -> arriving(result, () -> record(asked, request, result, user)), leases.threads());
        }

        void done(IssuedToken token, Throwable problem) {
            if (problem != null) {
                completeExceptionally(problem instanceof CompletionException e ? e.getCause() : problem);
            } else if (!complete(token)) {
                // The build did not wait for it.
                new TokenRevoker(run, log).revoke(token.nonce);
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            synchronized (this) {
                if (cancelled && minting != null) {
                    minting.cancel(true);
                }
            }
            return cancelled;
        }
    }
}
