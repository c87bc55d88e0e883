package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.springframework.security.core.Authentication;

/**
 * Gives each token that is held a successor before it dies. One timer does it for all builds; nothing waits for it, and no
 * step is held up.
 */
@Extension
public class Renewals extends PeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(Renewals.class.getName());

    /** Before the end of a token that cannot be renewed, so much time is left to read about it. */
    private static final Duration WARNING = Duration.ofMinutes(5);

    /** Whoever is asked for a credential, or for a token, and has not answered by then, may never do so. */
    private static final Duration LONGEST_ATTEMPT = Duration.ofMinutes(5);

    private final Map<String, Held> lines = new ConcurrentHashMap<>();

    @NonNull
    static Renewals get() {
        return ExtensionList.lookupSingleton(Renewals.class);
    }

    /** Milliseconds. A token lives for a minute at least, so a third of its life is many times that. */
    @Override
    public long getRecurrencePeriod() {
        return 1000;
    }

    @Override
    public long getInitialDelay() {
        return 0;
    }

    @Override
    protected void doRun() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        // Before all credentials and jobs are there, nothing could be minted.
        if (jenkins != null && jenkins.getInitLevel() == InitMilestone.COMPLETED && !jenkins.isTerminating()) {
            tick();
        }
    }

    /** Does what is due. */
    void tick() {
        lines.forEach((id, held) -> {
            try {
                held.look();
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "Could not look after a token of " + held.run);
            }
        });
    }

    /**
     * From now on looks after a line, until its use is over.
     *
     * @param user with whose rights it was minted; null if that has to be found out
     */
    void hold(Run<?, ?> run, BuildTokens tokens, TokenRecord current, @CheckForNull Authentication user) {
        lines.put(current.lineId(), new Held(run, tokens, current.lineId(), user));
    }

    /** A step starts. If its token is dead, the log says so; it starts all the same. */
    void noteStart(BuildTokens tokens) {
        tokens.getTokens().stream().filter(TokenRecord::isCurrent).forEach(token -> {
            Held held = lines.get(token.lineId());
            if (held != null) {
                held.sayIfNoneIsAlive();
            }
        });
    }

    /**
     * For those who would rather wait than start a step with a token that is about to die, or dead. Tries at once.
     *
     * @return completes, never with an exception, when each token that is due has a successor; or has none but lives on. It
     *     may never complete if Qwiet is out
     */
    @NonNull
    CompletableFuture<Void> untilAlive(@NonNull BuildTokens tokens) {
        return CompletableFuture.allOf(tokens.getTokens().stream()
                .filter(TokenRecord::isCurrent)
                .map(token -> lines.get(token.lineId()))
                .filter(Objects::nonNull)
                .map(Held::untilAlive)
                .toArray(CompletableFuture<?>[]::new));
    }

    /** A line of tokens that somebody holds. */
    private final class Held {
        private final Run<?, ?> run;
        private final BuildTokens tokens;
        private final String lineId;
        private final Authentication user;
        private final RenewalPace pace;
        private final CompletableFuture<Void> unnecessary = CompletableFuture.completedFuture(null);
        private CompletableFuture<Void> alive = unnecessary;
        /** Counts the attempts; the last one is under way if it began at some time. */
        private int attempts;

        private Long attemptBegan;
        private boolean failing;
        private boolean saidThatNoneIsAlive;
        private boolean troubleIsTold;
        private int failed;
        private int died;
        private boolean warned;

        Held(Run<?, ?> run, BuildTokens tokens, String lineId, @CheckForNull Authentication user) {
            this.run = run;
            this.tokens = tokens;
            this.lineId = lineId;
            this.user = user;
            this.pace = new RenewalPace(JenkinsLeases.get()::nanoTime, user != null);
        }

        void look() {
            TokenRecord current = tokens.current(lineId).orElse(null);
            if (current == null || tokens.isEnded(lineId)) {
                lines.remove(lineId, this);
                stopWaiting();
                return;
            }
            buryTheDead(current);
            warn(current);
            sayIfNoneIsAlive();
            if (isDue()) {
                renew();
            }
        }

        private boolean isDue() {
            return mayRenew(current -> pace.isDue(current.mintedAt(), current.life(), now()));
        }

        private boolean mayRenew(Predicate<TokenRecord> due) {
            TokenRecord current = tokens.current(lineId).orElse(null);
            return current != null
                    && current.line().isRenewable()
                    && QwietConfiguration.get().isRenew()
                    && run.isBuilding()
                    && due.test(current);
        }

        CompletableFuture<Void> untilAlive() {
            CompletableFuture<Void> until;
            synchronized (this) {
                if (!mayRenew(current -> pace.isOld(current.mintedAt(), current.life(), now()))) {
                    return unnecessary;
                }
                if (alive.isDone()) {
                    alive = new CompletableFuture<>();
                }
                until = alive;
            }
            look();
            return until;
        }

        /** Not on this thread, which may hold a lock. */
        private synchronized void stopWaiting() {
            alive.completeAsync(() -> null, JenkinsLeases.get().threads());
        }

        private synchronized void renew() {
            TokenRecord current = tokens.current(lineId).orElse(null);
            long nanos = JenkinsLeases.get().nanoTime();
            if (current == null || attemptBegan != null && nanos - attemptBegan < LONGEST_ATTEMPT.toNanos()) {
                return;
            }
            // One that took longer may still succeed; but whoever hangs for ever must not keep others from being asked.
            attemptBegan = nanos;
            int attempt = ++attempts;
            CompletableFuture<Boolean> minting;
            try {
                minting = pace.maySendUndecided()
                        ? mint(current)
                        : UndecidedMints.decide(run, current.label())
                                .thenCompose(decided -> decided
                                        ? mint(current)
                                        : CompletableFuture.failedFuture(
                                                new IllegalStateException("undecided if the last request made one")));
            } catch (RuntimeException e) {
                minting = CompletableFuture.failedFuture(e);
            }
            minting.whenComplete((held, problem) -> end(attempt, current, problem));
        }

        private CompletableFuture<Boolean> mint(TokenRecord current) {
            pace.sending();
            return new TokenIssuer(run, BuildLog.of(run)).renew(current, user());
        }

        private synchronized void end(int attempt, TokenRecord older, @CheckForNull Throwable problem) {
            if (attempt == attempts) {
                attemptBegan = null;
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
                tokens.current(lineId)
                        .filter(token -> token.number() > older.number())
                        .ifPresent(token -> TokenLog.renewed(BuildLog.of(run), token, wasTold));
                return;
            }
            pace.failed();
            Throwable cause = problem instanceof CompletionException e && e.getCause() != null ? e.getCause() : problem;
            LOGGER.log(Level.FINE, cause, () -> "Could not renew a token of " + run);
            if (!failing) {
                failing = true;
                if (!older.isDead(now()) && TokenLog.isTold(++failed)) {
                    troubleIsTold = true;
                    TokenLog.notRenewed(BuildLog.of(run), older, String.valueOf(cause.getMessage()));
                }
            }
        }

        synchronized void sayIfNoneIsAlive() {
            TokenRecord current = tokens.current(lineId).orElse(null);
            if (current != null && current.line().isRenewable() && !saidThatNoneIsAlive && current.isDead(now())) {
                saidThatNoneIsAlive = true;
                if (TokenLog.isTold(++died)) {
                    troubleIsTold = true;
                    TokenLog.noneAlive(BuildLog.of(run), current);
                }
            }
        }

        /** What died of its age holds a lease until Qwiet was asked once. */
        private void buryTheDead(TokenRecord current) {
            tokens.line(lineId).stream()
                    .filter(token -> token.number() < current.number() && token.isDead(now()))
                    .forEach(token -> {
                        tokens.gone(token.nonce(), now());
                        TokenRevoker.inTheBackground(run).revokeQuietly(token.nonce());
                    });
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
                    TokenLog.willExpire(
                            BuildLog.of(run),
                            current,
                            Math.max(1, left.plusSeconds(30).toMinutes()));
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
}
