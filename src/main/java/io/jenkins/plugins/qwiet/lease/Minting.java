package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Retry;
import io.jenkins.plugins.qwiet.api.Texts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The mint of one token: intent, call, and what the response asks for. Never blocks; used once. */
final class Minting {
    private static final Logger LOGGER = Logger.getLogger(Minting.class.getName());
    private static final Texts TEXTS = Texts.of(Minting.class);
    static final int ATTEMPTS = 2;
    // A build should rather fail than wait for a service that answers no call.
    private static final Duration TRY_AGAIN_WITHIN = Duration.ofMinutes(2);

    /** How one attempt ended, and whether another makes sense. */
    private record Attempt(MintResult result, boolean again) {
        String reason() {
            if (result instanceof MintResult.Undecided undecided) {
                return undecided.reason();
            }
            return result instanceof MintResult.Unreachable unreachable ? unreachable.reason() : "";
        }
    }

    private final Leasing.Parts parts;
    private final LeaseWatcher.Work work;
    private final QwietClient client;
    private final MintRequest request;
    private final long begunAt;
    private final long asked;
    private final int attempts;
    private final Consumer<Outcome<?>> answered;
    private final Consumer<Retry> again;
    private final CompletableFuture<MintResult> result = new CompletableFuture<>();
    private volatile CompletableFuture<?> call = new CompletableFuture<>();
    /** Why nothing came of the last attempt. */
    private volatile Cause cause = Cause.OTHER;

    /**
     * @param work as what it counts
     * @param attempts how often to ask for a token if nothing came of the first time
     * @param answered is told of each answer to a creation
     * @param again is told before each new try
     */
    Minting(
            Leasing.Parts parts,
            LeaseWatcher.Work work,
            QwietClient client,
            MintRequest request,
            long asked,
            int attempts,
            Consumer<Outcome<?>> answered,
            Consumer<Retry> again) {
        this.parts = parts;
        this.work = work;
        this.client = client.patient();
        this.request = request;
        this.asked = asked;
        this.attempts = attempts;
        this.answered = answered;
        this.again = again;
        this.begunAt = parts.nanoTime().getAsLong();
    }

    /** Completed by the caller means: cancelled. Everything made until then is then given back. */
    CompletableFuture<MintResult> begin() {
        result.whenComplete((r, e) -> call.cancel(true));
        attempt(1, null, asked);
        return result;
    }

    /**
     * @param before the lease of the attempt before; null for the first
     * @param asOf the moment when its build, or that of the request, was called so
     */
    private void attempt(int number, @CheckForNull Lease before, long asOf) {
        String nonce = parts.nonces().get();
        String description = TokenDescription.describe(request.description(), request.buildUrl(), nonce);
        Lease fresh = Lease.intent(
                nonce, request, client.organization(), parts.clock().instant());
        Lease intent = before == null ? fresh : fresh.where(before);
        parts.mints().begin(nonce);
        parts.writer()
                .open(intent, asOf)
                .thenCompose(problem -> problem.isPresent()
                        ? finished(new MintResult.NotRecorded(notWritten(problem.get())))
                        : send(intent, asOf, description))
                .exceptionally(this::unexpected)
                .thenAccept(attempt -> land(intent, attempt, number));
    }

    private void land(Lease intent, Attempt attempt, int number) {
        String nonce = intent.nonce();
        if (attempt.result() instanceof MintResult.Minted) {
            parts.mints().handOver(nonce);
        }
        parts.mints().end(nonce);
        boolean tryAgain = attempt.again()
                && number < attempts
                && !result.isDone()
                && parts.nanoTime().getAsLong() - begunAt < TRY_AGAIN_WITHIN.toNanos();
        if (tryAgain) {
            new Retry(attempt.reason(), Duration.ZERO).tell(again);
            long asOf = parts.store().moment();
            Optional<Lease> lease =
                    parts.store().find(nonce).or(() -> parts.store().findEnded(nonce));
            tryAgain(number + 1, lease.orElse(intent), asOf);
        } else if (!complete(attempt.result()) && attempt.result() instanceof MintResult.Minted minted) {
            // Cancelled at the last moment: no build will see the value.
            parts.mints().arrived(nonce);
            parts.revoker().revoke(client, minted.lease());
        }
    }

    /** False if nobody waits for it any more. */
    private boolean complete(MintResult end) {
        boolean waited = result.complete(end);
        if (waited) {
            parts.watcher().over(work, end instanceof MintResult.Minted ? null : cause);
        }
        return waited;
    }

    private void tryAgain(int number, Lease before, long asOf) {
        try {
            attempt(number, before, asOf);
        } catch (RuntimeException e) {
            complete(unexpected(e).result());
        }
    }

    private CompletableFuture<Attempt> send(Lease intent, long asOf, String description) {
        if (result.isDone()) {
            return ended(intent, new MintResult.Unreachable(TEXTS.get("Minting.interrupted")));
        }
        parts.unmarked().sends(intent.nonce(), description, request.validFor());
        parts.looks().asks(intent.nonce());
        CompletableFuture<Outcome<MintedToken>> sent =
                client.create(new NewToken(request.label(), description, request.validFor()), again);
        call = sent;
        if (result.isDone()) {
            sent.cancel(true);
        }
        return Outcomes.of(sent).thenCompose(outcome -> {
            answered.accept(outcome);
            if (outcome instanceof Outcome.Done<MintedToken> done) {
                cause = Cause.INDETERMINATE;
                if (!isAnswerTo(intent, done.value().id(), done.value().description())) {
                    return reconcile(intent, TEXTS.get("Minting.answerOfAnother"));
                }
                return made(intent, asOf, done.value());
            }
            cause = outcome.cause();
            if (outcome instanceof Outcome.Refused<MintedToken> refused) {
                return refused(intent, new MintResult.Refused(refused));
            } else if (outcome instanceof Outcome.NotSent<MintedToken> notSent) {
                return refused(
                        intent,
                        notSent.turnedAway()
                                ? new MintResult.TurnedAway(notSent.reason())
                                : new MintResult.Unreachable(notSent.reason()));
            }
            Outcome.Made made = outcome instanceof Outcome.Unsure<MintedToken> unsure ? unsure.made() : null;
            return made == null || !isAnswerTo(intent, made.id(), made.description())
                    ? reconcile(intent, outcome.reason())
                    : parts.writer()
                            .update(intent.nonce(), l -> l.minted(made.id(), End.UNKNOWN))
                            .thenCompose(written -> withoutValue(intent, made.id(), outcome.reason()));
        });
    }

    /**
     * Whether an answer is one to this creation, as far as it tells: its token is no other lease's, was in no list before
     * this was sent, and is not marked as another's.
     */
    private boolean isAnswerTo(Lease intent, String id, @CheckForNull String description) {
        boolean marked = description != null
                && !description.contains(intent.nonce())
                && TokenDescription.marks(description).stream().anyMatch(TokenDescription.Mark::isWhole);
        return !marked
                && !parts.unmarked().wasListedBefore(intent.organization(), id, intent.nonce())
                && parts.taken().take(intent.organization(), id, intent.nonce());
    }

    /** Qwiet made a token and said its id, but its value is lost. */
    private CompletableFuture<Attempt> withoutValue(Lease intent, String id, String unsure) {
        Lease live = parts.store().find(intent.nonce()).orElseGet(() -> intent.minted(id, End.UNKNOWN));
        return parts.revoker().revokeNow(client, live).thenApply(revocation -> reconciled(unsure, revocation));
    }

    private CompletableFuture<Attempt> made(Lease intent, long asOf, MintedToken token) {
        UnaryOperator<Lease> minted = l -> l.minted(token.id(), token.end());
        // Changed, not written anew: its job may have got another name meanwhile.
        // A value is handed out only when its id is on disk. So an intent found later is not in use, whatever its
        // build.
        return parts.writer().update(intent, asOf, minted).thenCompose(problem -> {
            Lease live = parts.store().find(intent.nonce()).orElseGet(() -> minted.apply(intent));
            return problem.isEmpty()
                    ? finished(new MintResult.Minted(live, token))
                    : parts.revoker()
                            .revokeNow(client, live)
                            .thenApply(revocation -> unrecorded(notWritten(problem.get()), revocation));
        });
    }

    private static Attempt unrecorded(String problem, Revocation revocation) {
        return revocation instanceof Revocation.Revoked
                ? new Attempt(new MintResult.NotRecorded(problem), false)
                : undecided("Minting.notRevokedAtOnce", problem);
    }

    /** After an answer that leaves open whether there is a token now: look, and revoke it. */
    private CompletableFuture<Attempt> reconcile(Lease intent, String unsure) {
        return parts.writer()
                .release(intent.nonce())
                .thenCompose(released ->
                        parts.lists().search(client, OrganizationSweep.Key.of(intent), List.of(intent), Set.of()))
                .thenCompose(found -> parts.revoker()
                        .found(client, intent, found)
                        .thenApply(revocation -> found.shows(intent)
                                ? reconciled(unsure, revocation)
                                : notListed(unsure, revocation, found)));
    }

    private static Attempt reconciled(String unsure, Revocation revocation) {
        if (revocation instanceof Revocation.Failed failed) {
            return undecided("Minting.notRevoked", unsure, failed.reason());
        } else if (revocation instanceof Revocation.NotAllowed notAllowed) {
            return undecided("Minting.mayNotRevoke", unsure, notAllowed.message());
        }
        MintResult nothing = revocation instanceof Revocation.NotListed
                ? new MintResult.Undecided(and("Minting.mayAppear", unsure))
                : new MintResult.Unreachable(and("Minting.revoked", unsure));
        return new Attempt(nothing, true);
    }

    /** The lease of a token that may still be there stays; so another one may be asked for, if the list was read through. */
    private static Attempt notListed(String unsure, Revocation revocation, NonceSearch.Found found) {
        Outcome<?> failure = found.failure();
        if (failure != null) {
            String reason = and("Minting.notChecked", unsure, failure.reason());
            return new Attempt(new MintResult.Undecided(reason), found.readThrough());
        }
        return revocation instanceof Revocation.Failed failed
                ? new Attempt(
                        new MintResult.Undecided(and("Minting.unproven", unsure, failed.reason())), found.readThrough())
                : reconciled(unsure, revocation);
    }

    private static Attempt undecided(String key, String... reasons) {
        return new Attempt(new MintResult.Undecided(and(key, reasons)), false);
    }

    /** @param reasons why it is not sure, and what came of looking */
    private static String and(String key, String... reasons) {
        return TEXTS.get(key, Stream.of(reasons).map(DisplayText::clause).toArray());
    }

    private Attempt unexpected(Throwable thrown) {
        cause = Cause.OTHER;
        LOGGER.log(Level.WARNING, "Minting ended in an unexpected way", thrown);
        return new Attempt(
                new MintResult.Undecided(
                        TEXTS.get("Minting.unexpected", thrown.getClass().getSimpleName(), LOGGER.getName())),
                false);
    }

    /** Not by this call, but something on the way may have sent it before, and have got no answer. */
    private CompletableFuture<Attempt> refused(Lease intent, MintResult because) {
        parts.revoker().end(intent);
        return finished(because);
    }

    private CompletableFuture<Attempt> ended(Lease intent, MintResult because) {
        return parts.writer().end(intent.nonce()).thenApply(end -> new Attempt(because, false));
    }

    private static CompletableFuture<Attempt> finished(MintResult because) {
        return CompletableFuture.completedFuture(new Attempt(because, false));
    }

    private String notWritten(String problem) {
        cause = Cause.DISK;
        return TEXTS.get("Minting.notWritten", parts.store().directory(), problem);
    }
}
