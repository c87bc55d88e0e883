package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.Texts;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes sure that a call ends in an {@link Outcome}, however it ends. */
final class Outcomes {
    private static final Logger LOGGER = Logger.getLogger(Outcomes.class.getName());
    private static final Texts TEXTS = Texts.of(Outcomes.class);

    // 404 and 410 may be said of the token, the organization or the route; the others of the token or of the call.
    private static final Set<Integer> MAY_BE_GONE = Set.of(400, 404, 409, 410, 422);

    private Outcomes() {}

    /** Begins a call. */
    static <T> CompletableFuture<Outcome<T>> to(Supplier<CompletableFuture<Outcome<T>>> call) {
        return of(CompletableFuture.completedFuture(call).thenCompose(Supplier::get));
    }

    /** The outcome of a call under way. Of a call that broke off the outcome is not known. */
    static <T> CompletableFuture<Outcome<T>> of(CompletableFuture<Outcome<T>> call) {
        return call.exceptionally(thrown -> {
            Throwable cause =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            if (cause instanceof CancellationException) {
                return new Outcome.Unsure<>(TEXTS.get("Outcomes.cancelled"));
            }
            LOGGER.log(Level.WARNING, "A call to Qwiet ended in an unexpected way", cause);
            return new Outcome.Unsure<>(
                    TEXTS.get("Outcomes.unexpected", cause.getClass().getSimpleName()));
        });
    }

    /** Whether Qwiet refused to revoke a token in a way that leaves open whether there is one. */
    static boolean mayBeGone(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?> refused && MAY_BE_GONE.contains(refused.status());
    }

    static boolean forbidden(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?> refused && refused.status() == 403;
    }
}
