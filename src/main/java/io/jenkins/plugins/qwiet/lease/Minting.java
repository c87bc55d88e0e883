package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The course of one order: intent, call, and what its answer asks for. Never blocks; used once. */
final class Minting {
    private static final Logger LOGGER = Logger.getLogger(Minting.class.getName());
    private static final int ATTEMPTS = 2;
    // A build should rather fail than wait for a service that keeps nobody's calls.
    private static final Duration TRY_AGAIN_WITHIN = Duration.ofMinutes(2);

    /** How one attempt ended, and whether another makes sense. */
    private record Attempt(MintResult result, boolean again) {}

    private final Leasing.Parts parts;
    private final QwietClient client;
    private final MintRequest order;
    private final Instant begunAt;
    private final CompletableFuture<MintResult> result = new CompletableFuture<>();
    private volatile CompletableFuture<?> call = new CompletableFuture<>();

    Minting(Leasing.Parts parts, QwietClient client, MintRequest order) {
        this.parts = parts;
        this.client = client;
        this.order = order;
        this.begunAt = parts.clock().instant();
    }

    /** Completed by the caller means: cancelled. Everything made until then is then given back. */
    CompletableFuture<MintResult> begin() {
        result.whenComplete((r, e) -> call.cancel(true));
        attempt(1);
        return result;
    }

    private void attempt(int number) {
        String nonce = parts.nonces().get();
        String description = TokenDescription.describe(order.description(), order.buildUrl(), nonce);
        Instant now = parts.clock().instant();
        Instant latestExpiry = now.plus(order.validFor()).plus(LeaseRevoker.SETTLE);
        Lease intent = Lease.intent(nonce, order, client.organization(), now, latestExpiry);
        parts.flights().begin(nonce);
        parts.files()
                .run(() -> parts.store().put(intent))
                .thenCompose(problem -> problem.isPresent()
                        ? finished(new MintResult.NotRecorded(notWritten(problem.get())))
                        : send(intent, description))
                .exceptionally(Minting::unexpected)
                .thenAccept(attempt -> land(nonce, attempt, number));
    }

    private void land(String nonce, Attempt attempt, int number) {
        parts.flights().end(nonce);
        boolean again = attempt.again()
                && number < ATTEMPTS
                && !result.isDone()
                && parts.clock().instant().isBefore(begunAt.plus(TRY_AGAIN_WITHIN));
        if (again) {
            tryAgain(number + 1);
        } else if (!result.complete(attempt.result()) && attempt.result() instanceof MintResult.Minted minted) {
            // Cancelled at the last moment: nobody will ever see the value.
            parts.leasing().revoke(client, minted.lease());
        }
    }

    private void tryAgain(int number) {
        try {
            attempt(number);
        } catch (RuntimeException e) {
            result.complete(unexpected(e).result());
        }
    }

    private CompletableFuture<Attempt> send(Lease intent, String description) {
        if (result.isDone()) {
            return ended(intent, new MintResult.Unreachable("Cancelled before anything was sent."));
        }
        CompletableFuture<Outcome<MintedToken>> sent =
                client.create(new NewToken(order.label(), description, order.validFor()));
        call = sent;
        if (result.isDone()) {
            sent.cancel(true);
        }
        return Outcomes.of(sent).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Done<MintedToken> done) {
                return made(intent, done.value());
            } else if (outcome instanceof Outcome.Refused<MintedToken> refused) {
                return ended(intent, new MintResult.Refused(refused));
            } else if (outcome instanceof Outcome.NotSent<MintedToken> notSent) {
                return ended(intent, new MintResult.Unreachable(notSent.reason()));
            }
            return reconcile(intent, Outcomes.reason(outcome));
        });
    }

    private CompletableFuture<Attempt> made(Lease intent, MintedToken token) {
        Instant expiry = token.expiresAt();
        UnaryOperator<Lease> minted = l -> l.minted(token.id(), expiry == null ? intent.expiresAt() : expiry);
        // Changed, not written anew: its job may have got another name meanwhile.
        // A value is handed out only when its id is on disk. So an intent found later is nobody's, whatever its build.
        // Here, on the thread that brought it: QwietClient says that it may wait for the disk.
        Optional<String> problem = LeaseWriter.make(() -> parts.store().update(intent, minted));
        Lease live = parts.store().find(intent.nonce()).orElseGet(() -> minted.apply(intent));
        return problem.isEmpty()
                ? finished(new MintResult.Minted(live, token))
                : parts.revoking().revoke(client, live).thenApply(revocation -> unrecorded(problem.get(), revocation));
    }

    private Attempt unrecorded(String problem, Revocation revocation) {
        return new Attempt(
                revocation instanceof Revocation.Revoked
                        ? new MintResult.NotRecorded(notWritten(problem))
                        : new MintResult.Undecided(notWritten(problem) + " The token could not be revoked at once."),
                false);
    }

    /** After an answer that leaves open whether there is a token now: look, and revoke it. */
    private CompletableFuture<Attempt> reconcile(Lease intent, String unsure) {
        return parts.revoking()
                .update(intent, lease -> lease.released(parts.clock().instant()))
                .thenCompose(released -> NonceSearch.begin(client, Set.of(intent.nonce()), parts.clock()))
                .thenCompose(outcome -> {
                    if (!(outcome instanceof Outcome.Done<NonceSearch.Found> done)) {
                        return parts.revoking()
                                .failed(intent, outcome)
                                .thenApply(written -> undecided(
                                        unsure,
                                        "Whether it made a token could not be seen: " + Outcomes.reason(outcome)));
                    }
                    return parts.revoking()
                            .found(client, intent, done.value())
                            .thenApply(revocation -> reconciled(intent, unsure, revocation));
                });
    }

    private Attempt reconciled(Lease intent, String unsure, Revocation revocation) {
        if (revocation instanceof Revocation.Failed failed) {
            return undecided(unsure, "It made a token that could not be revoked: " + failed.reason());
        } else if (revocation instanceof Revocation.NotAllowed notAllowed) {
            return undecided(unsure, "It made a token that may not be revoked: " + notAllowed.message());
        }
        boolean mayTurnUp = parts.store().find(intent.nonce()).isPresent();
        MintResult nothing = mayTurnUp
                ? new MintResult.Undecided(unsure + " No token is listed, but one may still turn up.")
                : new MintResult.Unreachable(unsure + " The token that it made nevertheless was revoked.");
        return new Attempt(nothing, true);
    }

    private static Attempt undecided(String unsure, String andThen) {
        return new Attempt(new MintResult.Undecided(unsure + " " + andThen), false);
    }

    private static Attempt unexpected(Throwable thrown) {
        LOGGER.log(Level.WARNING, "Minting ended in an unexpected way", thrown);
        return new Attempt(
                new MintResult.Undecided("An unexpected error; see Jenkins' own log. ("
                        + thrown.getClass().getSimpleName() + ")"),
                false);
    }

    private CompletableFuture<Attempt> ended(Lease intent, MintResult because) {
        return parts.revoking().end(intent.nonce()).thenApply(end -> new Attempt(because, false));
    }

    private static CompletableFuture<Attempt> finished(MintResult because) {
        return CompletableFuture.completedFuture(new Attempt(because, false));
    }

    private String notWritten(String problem) {
        return "The lease could not be written to " + parts.store().directory() + ": " + problem;
    }
}
