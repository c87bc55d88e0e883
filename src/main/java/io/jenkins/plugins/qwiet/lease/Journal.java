package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Makes changes of leases durable: appends them to a file, all that wait at a time, and syncs once for all of them.
 *
 * <p>The file is closed, and a new one begun with all that is known, when it has grown, and after any error: what an
 * append or a sync that failed has left in a file is not known, and asking again proves nothing. Older files are deleted
 * when the new one is durable; until then they count as well. So a file is never appended to after an error, nor by
 * another process than the one that made it.
 *
 * <p>Work is done on the executor's threads, by one at a time, none of which waits for another.
 */
final class Journal {
    private static final Logger LOGGER = Logger.getLogger(Journal.class.getName());
    private static final int SMALLEST_LIMIT = 1 << 20;
    private static final int GROWTH = 3;
    private static final String CLOSED = "Jenkins is shutting down.";

    /** @param record null for what only puts files in order */
    private record Entry(@CheckForNull JournalRecord record, boolean synced, CompletableFuture<Void> done) {}

    private final JournalFiles files;
    private final Clock clock;
    private final Executor executor;
    private final Supplier<List<JournalRecord>> everything;
    private List<Entry> queue = new ArrayList<>();
    private boolean working;
    private boolean closed;
    private boolean refused;
    private volatile boolean untidy;

    private volatile DiskTrouble trouble;

    // Of the one that works.
    private Disk.OpenFile file;
    private Path path;
    private long size;
    private long limit;
    private long seq;
    private long lastOfFile;

    /**
     * @param seq the first number that is free
     * @param untidy whether there are files already
     * @param everything all that is known, with the changes of which was told until then; called on the executor's threads
     */
    Journal(
            JournalFiles files,
            long seq,
            boolean untidy,
            Clock clock,
            Executor executor,
            Supplier<List<JournalRecord>> everything) {
        this.files = files;
        this.clock = clock;
        this.seq = seq;
        this.untidy = untidy;
        this.executor = executor;
        this.everything = everything;
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

    /** Puts files in order again, after an error or a start, if that has to be done. Never fails. */
    CompletableFuture<Void> mend() {
        if (!untidy) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done;
        synchronized (this) {
            done = enqueue(null, true);
        }
        work();
        return done.handle((ok, e) -> null);
    }

    private CompletableFuture<Void> enqueue(@CheckForNull JournalRecord record, boolean synced) {
        if (closed) {
            return CompletableFuture.failedFuture(new IOException(CLOSED));
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
                problem = new IOException(CLOSED);
            } else if (!last || trouble != null || batch.stream().anyMatch(entry -> entry.record() != null)) {
                write(batch);
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
            abandon();
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
        untidy = true;
        trouble = new DiskTrouble(before == null ? clock.instant() : before.since(), problem.toString());
        // Once for each outage: it is met by every token.
        LOGGER.log(before == null ? Level.WARNING : Level.FINE, problem, () -> "Leases cannot be written to " + files);
    }

    private void write(List<Entry> batch) throws IOException {
        boolean written = file != null && size >= limit && compact();
        if (!written && (file == null || !append(batch))) {
            roll();
        }
        if (untidy) {
            untidy = !files.tidy();
        }
    }

    /** @return false if there is no room for a smaller file; the large one is sound, and goes on */
    private boolean compact() {
        try {
            roll();
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Not made smaller: " + path);
            limit = size + SMALLEST_LIMIT;
            return false;
        }
    }

    /** @return false if the file is not to be trusted any more */
    private boolean append(List<Entry> batch) throws IOException {
        var bytes = new ByteArrayOutputStream();
        boolean sync = false;
        for (Entry entry : batch) {
            JournalRecord record = entry.record();
            if (record != null) {
                bytes.write(JournalText.write(seq, seq - lastOfFile - 1, record));
                lastOfFile = seq++;
            }
            sync |= entry.synced();
        }
        try {
            files.ensureMarked();
            if (bytes.size() > 0) {
                file.append(bytes.toByteArray());
                size += bytes.size();
            }
            if (sync) {
                file.sync();
            }
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Given up for another: " + path);
            abandon();
            return false;
        }
    }

    /** Begins a file with all that is known. After an error, the one before is as it was. */
    private void roll() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (JournalRecord record : everything.get()) {
            bytes.write(JournalText.write(seq++, 0, record));
        }
        // Of the one before, or of this one if it fails.
        untidy = true;
        Path next = files.next();
        Disk.OpenFile begun = files.begin(next, bytes.toByteArray());
        abandon();
        file = begun;
        path = next;
        lastOfFile = seq - 1;
        size = bytes.size();
        limit = Math.max(SMALLEST_LIMIT, GROWTH * size);
    }

    private void abandon() {
        if (file != null) {
            files.close(file, path);
            file = null;
        }
    }

    /** Why nothing can be written; empty if it can, as far as is known. */
    Optional<DiskTrouble> trouble() {
        return Optional.ofNullable(trouble);
    }
}
