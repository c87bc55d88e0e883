package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Does what blocks for the disk, on threads that may block, and says why the disk did not take it. */
final class LeaseWriter {
    private static final Logger LOGGER = Logger.getLogger(LeaseWriter.class.getName());

    /** A change of the store. */
    interface Change {
        void make() throws IOException;
    }

    private final Executor threads;

    LeaseWriter(Executor threads) {
        this.threads = threads;
    }

    /** Makes a change at once, on this thread, which may block. Empty if the disk took it. */
    static Optional<String> make(Change change) {
        try {
            change.make();
            return Optional.empty();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "A lease could not be written", e);
            return Optional.of(e.toString());
        }
    }

    /** Makes a change on one of the threads, and completes there. */
    CompletableFuture<Optional<String>> run(Change change) {
        var done = new CompletableFuture<Optional<String>>();
        try {
            threads.execute(() -> {
                try {
                    done.complete(make(change));
                } catch (RuntimeException | Error e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.complete(Optional.of("Jenkins is shutting down."));
        }
        return done;
    }
}
