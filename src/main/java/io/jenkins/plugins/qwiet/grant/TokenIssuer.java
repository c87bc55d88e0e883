package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.MintResult;
import io.jenkins.plugins.qwiet.lease.MintResult.Minted;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Hands a build a token: looks up what applies, mints under a lease, records and says so in the log. Never blocks. */
final class TokenIssuer {
    private final JenkinsLeases leases = JenkinsLeases.get();
    private final Run<?, ?> run;
    private final TaskListener log;

    TokenIssuer(@NonNull Run<?, ?> run, @NonNull TaskListener log) {
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
    CompletableFuture<IssuedToken> issue(@NonNull TokenRequest arguments) {
        Authentication user = Jenkins.getAuthentication2();
        Executor asUser = task -> leases.fileWork().execute(() -> {
            try (ACLContext ignored = ACL.as2(user)) {
                task.run();
            }
        });
        var issuing = new Issuing();
        CompletableFuture.supplyAsync(() -> prepare(arguments), asUser)
                .thenCompose(request -> issuing.mint(request, leasing()))
                .whenComplete((token, problem) -> issuing.done(token, problem));
        return issuing;
    }

    private ResolvedRequest prepare(TokenRequest arguments) {
        try {
            return ResolvedRequest.of(run, arguments);
        } catch (AbortException e) {
            throw new CompletionException(e);
        }
    }

    private Leasing leasing() {
        try {
            return leases.leasing();
        } catch (AbortException e) {
            throw new CompletionException(e);
        }
    }

    private IssuedToken record(ResolvedRequest request, MintResult result) {
        if (!(result instanceof Minted minted)) {
            throw new CompletionException(new AbortException(MintFailure.of(result, request)));
        }
        var lease = minted.lease();
        var token = new IssuedToken(
                lease.nonce(),
                minted.token().id(),
                Secret.fromString(minted.token().value().reveal()),
                request.variable(),
                request.orgVariable(),
                request.orgId());
        BuildTokens.ofOrNew(run)
                .add(new TokenRecord(token, lease.label(), leases.clock().instant(), lease.expiresAt()));
        TokenLog.minted(log, lease);
        return token;
    }

    /** One token on its way; knows what to cancel. */
    private final class Issuing extends CompletableFuture<IssuedToken> {
        private CompletableFuture<MintResult> minting;

        synchronized CompletableFuture<IssuedToken> mint(ResolvedRequest request, Leasing leasing) {
            if (isCancelled()) {
                return CompletableFuture.failedFuture(new CancellationException());
            }
            minting = leasing.mint(request.connection().client(), request.order());
            return minting.thenApplyAsync(result -> record(request, result), leases.fileWork());
        }

        void done(IssuedToken token, Throwable problem) {
            if (problem != null) {
                completeExceptionally(problem instanceof CompletionException e ? e.getCause() : problem);
            } else if (!complete(token)) {
                // The build did not wait for it.
                new TokenRevoker(run, log).giveBack(token.nonce);
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
