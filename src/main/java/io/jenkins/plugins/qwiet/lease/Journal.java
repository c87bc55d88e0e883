package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Texts;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Makes changes of leases durable: gives them to a {@link JournalWriter}, all that wait at a time, which syncs once for all
 * of them.
 *
 * <p>Work is done on the executor's threads, by one at a time, none of which waits for another.
 */
final class Journal {
    private static final Logger LOGGER = Logger.getLogger(Journal.class.getName());
    private static final Texts TEXTS = Texts.of(Journal.class);

    /** @param record null for what only puts files in order */
    private record Entry(@CheckForNull JournalRecord record, boolean synced, CompletableFuture<Void> done) {}

    private final JournalWriter writer;
    private final Clock clock;
    private final Executor executor;
    private List<Entry> queue = new ArrayList<>();
    private boolean working;
    private boolean closed;
    private boolean refused;
    private CompletableFuture<Void> mended = CompletableFuture.completedFuture(null);

    private volatile DiskTrouble trouble;

    Journal(JournalWriter writer, Clock clock, Executor executor) {
        this.writer = writer;
        this.clock = clock;
        this.executor = executor;
    }

    /**
     * Takes a change, after all that were taken before. The caller calls {@link #work()} next, with no lock held.
     *
     * @param synced whether it has to survive a power cut
     * @return completes when it is on disk, or with an {@link IOException} that says why it may not be. Whoever depends
     *     on it runs on the executor's threads
     */
    synchronized CompletableFuture<Void> add(JournalRecord record, boolean synced) {
        return enqueue(record, synced);
    }

    /**
     * Sees whether all is on disk as it was left there, and puts it in order if it is not. One at a time: on a disk that
     * hangs, others would only wait with it. Never fails.
     */
    CompletableFuture<Void> mend() {
        CompletableFuture<Void> current;
        synchronized (this) {
            if (mended.isDone()) {
                mended = enqueue(null, true).handle((ok, e) -> null);
            }
            current = mended;
        }
        work();
        return current;
    }

    private CompletableFuture<Void> enqueue(@CheckForNull JournalRecord record, boolean synced) {
        if (closed) {
            return CompletableFuture.failedFuture(new IOException(TEXTS.get("Journal.closed")));
        }
        var done = new CompletableFuture<Void>();
        queue.add(new Entry(record, synced, done));
        return done;
    }

    /** Sees to it that somebody writes what was added. */
    void work() {
        synchronized (this) {
            if (working || queue.isEmpty()) {
                return;
            }
            working = true;
        }
        begin();
    }

    /**
     * Writes what was taken until now, and what the disk refused before; what comes later is refused.
     *
     * @return completes normally, when nobody works any more
     */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> done;
        synchronized (this) {
            done = enqueue(null, false);
            closed = true;
        }
        work();
        return done.handle((ok, e) -> null);
    }

    private void begin() {
        try {
            executor.execute(this::flush);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                closed = true;
                refused = true;
            }
            flush();
        } catch (RuntimeException | Error e) {
            // There is no thread to be had, as in a container at its limit. What was taken must not wait for ever.
            LOGGER.log(Level.WARNING, e, () -> "Leases are written on a thread of somebody else to " + writer);
            flush();
        }
    }

    private void flush() {
        List<Entry> batch;
        boolean last;
        boolean refuse;
        synchronized (this) {
            batch = queue;
            queue = new ArrayList<>();
            last = closed;
            refuse = refused;
        }
        boolean more;
        IOException problem = null;
        Error error = null;
        try {
            if (refuse) {
                problem = new IOException(TEXTS.get("Journal.closed"));
            } else {
                writer.write(
                        batch.stream()
                                .map(Entry::record)
                                .filter(Objects::nonNull)
                                .toList(),
                        batch.stream().anyMatch(Entry::synced),
                        batch.stream().anyMatch(entry -> entry.record() == null),
                        last);
            }
        } catch (IOException e) {
            problem = e;
        } catch (RuntimeException e) {
            problem = new IOException(e);
        } catch (Error e) {
            problem = new IOException(e);
            error = e;
        }
        note(problem);
        if (last) {
            writer.close();
        }
        synchronized (this) {
            more = !queue.isEmpty();
            working = more;
        }
        if (more) {
            // Others can write while those who waited go on, on this thread.
            begin();
        }
        for (Entry entry : batch) {
            if (problem == null) {
                entry.done().complete(null);
            } else {
                entry.done().completeExceptionally(problem);
            }
        }
        if (error != null) {
            throw error;
        }
    }

    private void note(@CheckForNull IOException problem) {
        DiskTrouble before = trouble;
        if (problem == null) {
            trouble = null;
            return;
        }
        trouble = new DiskTrouble(before == null ? clock.instant() : before.since(), problem.toString());
        // Once for each outage: it is met by every token.
        LOGGER.log(before == null ? Level.WARNING : Level.FINE, problem, () -> "Leases cannot be written to " + writer);
    }

    /** Why nothing can be written; empty if it can, as far as is known. */
    Optional<DiskTrouble> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** @see JournalWriter#unread */
    Optional<DiskTrouble> unread() {
        return writer.unread();
    }

    /** When somebody else was last seen to have changed the files; empty if never. */
    Optional<Instant> disturbedAt() {
        return writer.disturbedAt();
    }
}
