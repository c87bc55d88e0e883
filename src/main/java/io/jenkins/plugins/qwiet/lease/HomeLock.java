package io.jenkins.plugins.qwiet.lease;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lets one process at a time use the leases of a home, as far as the system's locks go. Whatever reads the locked file in this
 * process, a plugin for backups perhaps, unlocks it (POSIX), and some file systems know no locks. So a file beside it says
 * who has the lock, and {@link #look} sees there whether another process took it.
 */
final class HomeLock implements Closeable {
    private static final Logger LOGGER = Logger.getLogger(HomeLock.class.getName());
    private static final String FILE = "lock";
    /** Two processes write into that file by turns, each time that they look: each looks once a minute or so. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private record Seen(String holder, Instant at) {}

    private final Disk disk;
    private final Path holderFile;
    private final String holder;
    private final Clock clock;
    private final Closeable lock;
    private CompletableFuture<Void> looked = CompletableFuture.completedFuture(null);
    private volatile boolean watched;
    private volatile Seen other;

    private HomeLock(LeaseStore.Parts parts, Path file, String holder, Closeable lock) {
        this.disk = parts.disk();
        this.holderFile = Disk.holderOf(file);
        this.holder = holder;
        this.clock = parts.clock();
        this.lock = lock;
        String there = read();
        // Of one that starts at this moment, or that has ended: if it is there, it says so when it looks. Where nothing
        // can be
        // written, such a name says nothing.
        this.watched = !there.isBlank() && (there.equals(holder) || write());
    }

    /**
     * @return to be closed when another process may have them; the end of this one does the same
     * @throws InUseException if another process has them, or this one already
     */
    static HomeLock take(LeaseStore.Parts parts) throws IOException {
        Path file = parts.directory().resolve(FILE);
        String holder = "process " + ProcessHandle.current().pid() + " on "
                + parts.home().machine() + ", since " + parts.clock().instant();
        Closeable lock = parts.disk()
                .lock(file, holder.getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> InUseException.of(parts.disk(), file));
        return new HomeLock(parts, file, holder, lock);
    }

    /**
     * Looks on a thread of the executor whether another process took the lock meanwhile. One look at a time: on a disk that
     * hangs, each would take one thread more.
     *
     * @return completes normally, with the look that is under way
     */
    synchronized CompletableFuture<Void> look(Executor executor) {
        if (looked.isDone()) {
            try {
                looked = CompletableFuture.runAsync(this::look, executor).handle((ok, e) -> null);
            } catch (RejectedExecutionException e) {
                LOGGER.log(Level.FINE, e, () -> "Not looked at: " + holderFile);
            }
        }
        return looked;
    }

    private void look() {
        if (!watched) {
            return;
        }
        String now = read();
        Instant at = clock.instant();
        Seen before = other;
        if (!watched) {
            return; // It was closed while the disk took its time: what stands there is the next one's.
        }
        if (!now.isBlank() && !now.equals(holder)) {
            other = new Seen(now, at);
            if (before == null) {
                LOGGER.log(
                        Level.WARNING,
                        "Two processes use these leases: {0}, and {1}, as {2} says. Stop one of them.",
                        new Object[] {holder, InUseException.fit(now), holderFile});
            }
            // So that the other one sees it too; and if it has ended, that is over some time.
            write();
        } else if (before != null
                && (at.isBefore(before.at()) || at.isAfter(before.at().plus(REMEMBERED)))) {
            other = null;
        }
    }

    /** Looks no more: another process may have them soon. */
    void stopLooking() {
        watched = false;
    }

    /** The other process that uses the leases too, in words for a person; empty if there is none, as far as is known. */
    Optional<String> other() {
        return Optional.ofNullable(other).map(seen -> InUseException.fit(seen.holder()));
    }

    private String read() {
        try {
            return new String(disk.read(holderFile), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private boolean write() {
        Path unfinished = holderFile.resolveSibling(holderFile.getFileName() + ".tmp");
        try {
            disk.delete(unfinished);
            try (Disk.OpenFile file = disk.create(unfinished)) {
                file.append(holder.getBytes(StandardCharsets.UTF_8));
            }
            Renaming.rename(disk, unfinished, holderFile);
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "The other process will not see it: " + holderFile);
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
