package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for Qwiet where Jenkins leaves no other way: on a freestyle build's own thread, a binding's or an audit's. */
public final class Await {
    private Await() {}

    /** Interrupting cancels what is waited for. */
    public static <T> T on(@NonNull CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException problem) {
                throw problem;
            }
            throw new IOException(e.getCause());
        }
    }

    /** Goes on after the time is over; what is waited for goes on too. */
    public static void atMost(long seconds, @NonNull CompletableFuture<?> future)
            throws IOException, InterruptedException {
        try {
            future.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // The janitor knows.
            return;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
