package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.lease.MintTurns;
import io.jenkins.plugins.qwiet.lease.MintWish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * Gives each token that is held a successor before it dies. One timer does it for all builds; nothing waits for it, and no
 * step is held up.
 */
@Extension
public class Renewals extends PeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(Renewals.class.getName());

    private final MintTurns turns = new MintTurns(() -> JenkinsLeases.get().nanoTime());
    private final Map<String, HeldLine> lines = new ConcurrentHashMap<>();

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
        List<HeldLine> due = new ArrayList<>();
        lines.forEach((id, held) -> {
            try {
                if (held.isOver()) {
                    lines.remove(id, held);
                    turns.forget(id);
                } else if (held.look()) {
                    due.add(held);
                }
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "Could not look after a token of " + held);
            }
        });
        renew(due);
    }

    /** Whether no token is asked for just now. */
    boolean isIdle() {
        return lines.values().stream().noneMatch(HeldLine::isBeingRenewed);
    }

    private void renew(List<HeldLine> due) {
        // What nobody sees any more is renewed for nobody.
        due.stream().map(HeldLine::tokens).distinct().forEach(BuildTokens::settle);
        Map<String, HeldLine> byLine = new HashMap<>();
        List<MintWish> wishes = new ArrayList<>();
        due.stream()
                .filter(HeldLine::isDue)
                .forEach(held -> held.wish().ifPresent(wish -> {
                    byLine.put(wish.line(), held);
                    wishes.add(wish);
                }));
        turns.choose(wishes).forEach(line -> byLine.remove(line).renew());
        byLine.values().forEach(HeldLine::sayWhyNot);
    }

    /** Lets all that wait be tried at once: settings or credentials changed, so it may work now. */
    void endPauses() {
        turns.endPauses();
    }

    /**
     * From now on looks after a line, until its use is over and what died of it is forgotten.
     *
     * @param user with whose rights it was minted; null if that has to be found out
     */
    void hold(Run<?, ?> run, BuildTokens tokens, TokenRecord token, @CheckForNull Authentication user) {
        lines.put(token.lineId(), new HeldLine(run, tokens, token.lineId(), user, turns));
    }

    /** A step starts. If its token is dead, the log says so; it starts all the same. */
    void noteStart(BuildTokens tokens) {
        tokens.getTokens().stream().filter(TokenRecord::isCurrent).forEach(token -> {
            HeldLine held = lines.get(token.lineId());
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
                .map(held -> {
                    CompletableFuture<Void> alive = held.untilAlive();
                    if (!alive.isDone() && held.look()) {
                        renew(List.of(held));
                    }
                    return alive;
                })
                .toArray(CompletableFuture<?>[]::new));
    }
}
