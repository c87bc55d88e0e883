package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import io.jenkins.plugins.qwiet.lease.MintTurns;
import io.jenkins.plugins.qwiet.lease.MintWish;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.springframework.security.core.Authentication;

/** A line of tokens that somebody holds: when it needs another, how that is asked for, and what the log says of it. */
final class HeldLine {
    private static final Logger LOGGER = Logger.getLogger(HeldLine.class.getName());

    /** Before the end of a token that cannot be renewed, so much time is left to read about it. */
    private static final Duration WARNING = Duration.ofMinutes(5);

    /** Whoever is asked for a credential, or for a token, and has not answered by then, may never do so. */
    private static final Duration LONGEST_ATTEMPT = Duration.ofMinutes(5);

    private final Run<?, ?> run;
    private final BuildTokens tokens;
    private final String lineId;
    private final Authentication user;
    private final RenewalPace pace;
    private final MintTurns turns;
    private final CompletableFuture<Void> unnecessary = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> alive = unnecessary;
    /** Counts the attempts; the last one is under way if it began at some time. */
    private int attempts;

    private Long attemptBegan;

    @CheckForNull
    private MintWish lastAsked;

    private final Burial burial;

    private boolean failing;
    private boolean saidThatNoneIsAlive;
    private boolean troubleIsTold;
    private int failed;
    private int died;
    private boolean warned;

    /** @param user with whose rights it was minted; null if that has to be found out */
    HeldLine(Run<?, ?> run, BuildTokens tokens, String lineId, @CheckForNull Authentication user, MintTurns turns) {
        this.run = run;
        this.tokens = tokens;
        this.lineId = lineId;
        this.user = user;
        this.turns = turns;
        this.pace = new RenewalPace(JenkinsLeases.get()::nanoTime, user != null);
        this.burial = new Burial(run, tokens, lineId);
    }

    /** Whether nobody holds it any more, and none of its tokens is left for what was started with it. */
    boolean isOver() {
        if (isHeld()) {
            return false;
        }
        stopWaiting();
        return tokens.isEnded(lineId) || tokens.line(lineId).stream().noneMatch(token -> token.use() == Use.SUPERSEDED);
    }

    private boolean isHeld() {
        return tokens.current(lineId).isPresent() && !tokens.isEnded(lineId);
    }

    /** Says and does what is to be said and done of the current token; whether it is to be replaced. */
    boolean look() {
        burial.look(now());
        tokens.current(lineId).ifPresent(current -> {
            warn(current);
            sayIfNoneIsAlive();
        });
        return isDue();
    }

    BuildTokens tokens() {
        return tokens;
    }

    /** Whether the current token is to be replaced. */
    boolean isDue() {
        TokenRecord current = tokens.current(lineId).orElse(null);
        return current != null
                && !tokens.isEnded(lineId)
                && current.line().isRenewable()
                && QwietConfiguration.get().isRenew()
                && run.isBuilding()
                && pace.isDue(current.mintedAt(), current.life(), now());
    }

    /** Completes when there is a successor; at once if none is needed. */
    synchronized CompletableFuture<Void> untilAlive() {
        if (!isDue()) {
            return unnecessary;
        }
        if (alive.isDone()) {
            alive = new CompletableFuture<>();
        }
        return alive;
    }

    /** What it wants; empty if it is being asked for already. */
    synchronized Optional<MintWish> wish() {
        TokenRecord current = tokens.current(lineId).orElse(null);
        long nanos = JenkinsLeases.get().nanoTime();
        // An attempt that took longer may still succeed; but whoever hangs for ever must not keep others from being
        // asked.
        if (current == null || attemptBegan != null && nanos - attemptBegan < LONGEST_ATTEMPT.toNanos()) {
            return Optional.empty();
        }
        Duration left = Duration.between(now(), current.diesAt());
        if (lastAsked != null) {
            return Optional.of(new MintWish(lineId, lastAsked.organization(), lastAsked.account(), left));
        }
        try {
            return JenkinsLeases.get()
                    .leasing()
                    .store()
                    .find(current.nonce())
                    .map(lease -> new MintWish(lineId, lease.organization(), lease.account(), left))
                    .or(() -> Optional.of(new MintWish(lineId, null, null, left)));
        } catch (AbortException e) {
            // Whoever mints says so.
            return Optional.of(new MintWish(lineId, null, null, left));
        }
    }

    /** Not on this thread, which may hold a lock. */
    private synchronized void stopWaiting() {
        alive.completeAsync(() -> null, JenkinsLeases.get().threads());
    }

    synchronized boolean isBeingRenewed() {
        return attemptBegan != null;
    }

    /** Begins an attempt, for which it was chosen. */
    synchronized void renew() {
        TokenRecord current = tokens.current(lineId).orElse(null);
        if (attemptBegan != null && JenkinsLeases.get().nanoTime() - attemptBegan < LONGEST_ATTEMPT.toNanos()) {
            return;
        }
        // Between the choice and now, another attempt may have succeeded.
        if (current == null || !isDue()) {
            turns.gaveUp(lineId);
            return;
        }
        attemptBegan = JenkinsLeases.get().nanoTime();
        int attempt = ++attempts;
        CompletableFuture<Boolean> minting;
        try {
            minting = pace.maySendUndecided()
                    ? mint(current)
                    : UndecidedMints.decide(run, current.label())
                            .thenCompose(decided -> decided
                                    ? mint(current)
                                    : CompletableFuture.failedFuture(
                                            new IllegalStateException(Messages.HeldLine_undecided())));
        } catch (RuntimeException e) {
            minting = CompletableFuture.failedFuture(e);
        }
        minting.whenComplete((held, problem) -> end(attempt, current, problem));
    }

    private CompletableFuture<Boolean> mint(TokenRecord current) {
        return new TokenIssuer(run, BuildLog.of(run)).renew(current, user(), (connection, mint) -> {
            var wish = new MintWish(
                    lineId,
                    connection.client().organization(),
                    connection.account(),
                    Duration.between(now(), current.diesAt()));
            synchronized (this) {
                lastAsked = wish;
            }
            return turns.ask(wish, connection.client().asksToWait(), answered -> {
                pace.sending();
                return mint.apply(answered);
            });
        });
    }

    private synchronized void end(int attempt, TokenRecord older, @CheckForNull Throwable problem) {
        if (attempt == attempts) {
            attemptBegan = null;
            turns.gaveUp(lineId);
        }
        if (problem == null || !older.isDead(now())) {
            stopWaiting();
        }
        if (problem == null) {
            boolean wasTold = troubleIsTold;
            failing = false;
            saidThatNoneIsAlive = false;
            troubleIsTold = false;
            pace.succeeded();
            burial.know();
            tokens.current(lineId)
                    .filter(token -> token.number() > older.number())
                    .ifPresent(token -> TokenLog.renewed(BuildLog.of(run), token, wasTold));
            return;
        }
        Throwable cause = problem instanceof CompletionException e && e.getCause() != null ? e.getCause() : problem;
        LOGGER.log(Level.FINE, cause, () -> "Could not renew a token of " + run);
        sayThatItFails(older, String.valueOf(cause.getMessage()));
    }

    private synchronized void sayThatItFails(TokenRecord older, String reason) {
        // The log of a build that is over is closed, and nobody needs a successor there.
        if (!failing && isHeld()) {
            failing = true;
            if (!older.isDead(now()) && TokenLog.isTold(++failed)) {
                troubleIsTold = true;
                TokenLog.notRenewed(BuildLog.of(run), older, reason);
            }
        }
    }

    /** It was not chosen. If that is since others failed, the log says so before it is its turn. */
    void sayWhyNot() {
        wish().map(turns::whyNot)
                .ifPresent(reason -> tokens.current(lineId).ifPresent(current -> sayThatItFails(current, reason)));
    }

    @Override
    public String toString() {
        return String.valueOf(run);
    }

    synchronized void sayIfNoneIsAlive() {
        TokenRecord current = tokens.current(lineId).orElse(null);
        if (current != null
                && current.line().isRenewable()
                && QwietConfiguration.get().isRenew()
                && !saidThatNoneIsAlive
                && current.isDead(now())) {
            saidThatNoneIsAlive = true;
            if (TokenLog.isTold(++died)) {
                troubleIsTold = true;
                TokenLog.noneAlive(BuildLog.of(run), current);
            }
        }
    }

    private synchronized void warn(TokenRecord current) {
        if (warned || !current.line().fixed()) {
            return;
        }
        Duration left = Duration.between(now(), current.diesAt());
        Duration third = current.life().dividedBy(3);
        if (left.compareTo(third.compareTo(WARNING) < 0 ? third : WARNING) <= 0) {
            warned = true;
            if (!left.isNegative()) {
                TokenLog.willExpire(BuildLog.of(run), current, left);
            }
        }
    }

    private Authentication user() {
        if (user != null) {
            return user;
        }
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        FlowExecution execution = owner == null ? null : owner.getOrNull();
        return execution == null ? ACL.SYSTEM2 : execution.getAuthentication2();
    }

    private Instant now() {
        return JenkinsLeases.get().clock().instant();
    }
}
