package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Texts;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lets one process at a time use the leases of a home, as far as the system's locks go. Whatever reads the locked file in this
 * process, a plugin for backups perhaps, unlocks it (POSIX), and some file systems know no locks. So a file beside it says
 * who has the lock, and {@link #look} sees there whether another process took it.
 */
final class HomeLock implements Closeable {
    private static final Logger LOGGER = Logger.getLogger(HomeLock.class.getName());
    private static final Texts TEXTS = Texts.of(HomeLock.class);
    private static final String FILE = "lock";
    /** Two processes write into that file by turns, each time that they look: each looks once a minute or so. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** @param at as the nanoseconds of this process were then */
    private record Seen(String holder, long at) {}

    /** @param key what the file was known by right after; empty if there was none; null if it could not be looked at */
    private record Locked(Disk.Lock lock, @CheckForNull String key) {}

    private final Disk disk;
    private final Path file;
    private final Path holderFile;
    private final String holder;
    private final LongSupplier nanoTime;
    private final Runnable onChange;
    private CompletableFuture<Void> looked = CompletableFuture.completedFuture(null);
    private volatile boolean watched;
    private volatile boolean closed;
    private volatile Seen other;
    private final Object relocking = new Object();
    // Changed by whoever holds that.
    private Disk.Lock lock;
    /** Of the file that is locked; empty if there was none; null if it is to be locked again. */
    private volatile String key;

    private HomeLock(LeaseStore.Parts parts, Path file, String holder, Runnable onChange) {
        this.disk = parts.disk();
        this.file = file;
        this.holderFile = Disk.holderOf(file);
        this.holder = holder;
        this.nanoTime = parts.nanoTime();
        this.onChange = onChange;
    }

    /**
     * @param onChange called by {@link #look} when another process is seen, and when it is gone
     * @return to be closed when another process may have them; the end of this one does the same
     * @throws InUseException if another process has them, or this one already
     */
    static HomeLock take(LeaseStore.Parts parts, Runnable onChange) throws IOException {
        Path file = parts.directory().resolve(FILE);
        String holder = holder(
                ProcessHandle.current().pid(),
                parts.home().machine(),
                System.getenv(),
                parts.clock().instant());
        var taken = new HomeLock(parts, file, holder, onChange);
        Locked locked = taken.lock().orElseThrow(() -> InUseException.of(parts.disk(), file));
        taken.lock = locked.lock();
        taken.key = locked.key();
        boolean done = false;
        try {
            taken.watch(taken.read());
            done = true;
            return taken;
        } finally {
            if (!done) {
                taken.close();
            }
        }
    }

    /** In words for a person, who is to find that process: in most containers the id or name of the container is in HOSTNAME. */
    static String holder(long pid, String machine, Map<String, String> environment, Instant since) {
        String where = machine.isBlank() ? environment.getOrDefault("HOSTNAME", "") : machine;
        return where.isBlank()
                ? TEXTS.get("HomeLock.process", String.valueOf(pid), since.toString())
                : TEXTS.get("HomeLock.processOn", String.valueOf(pid), where, since.toString());
    }

    /**
     * Whether the name of another, which starts at this moment or has ended, is in the file at first: then ours takes its
     * place, and if the other is there, it says so when it looks. Where nothing can be written, such a name says nothing.
     */
    private void watch(String there) {
        watched = there.equals(holder) || !there.isBlank() && write();
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
            } catch (RuntimeException | Error e) {
                // Jenkins is shutting down, or there is no thread to be had at this moment.
                LOGGER.log(Level.FINE, e, () -> "Not looked at: " + holderFile);
            }
        }
        return looked;
    }

    private void look() {
        ensureLocked();
        String now = read();
        long at = nanoTime.getAsLong();
        Seen before = other;
        if (closed) {
            return; // While the disk took its time: what stands there is the next one's.
        } else if (!watched || now.isBlank()) {
            // As soon as there is room; or it was deleted, or cannot be read: then another may be written in its place.
            watched = write();
            now = holder;
        }
        if (!now.equals(holder)) {
            other = new Seen(now, at);
            if (before == null) {
                LOGGER.log(
                        Level.WARNING,
                        "Two processes use these leases: {0}, and {1}, as {2} says. Stop one of them.",
                        new Object[] {holder, InUseException.fit(now), holderFile});
                onChange.run();
            }
            // So that the other one sees it too; and if it has ended, that is over some time.
            write();
        } else if (before != null && at - before.at() > REMEMBERED.toNanos()) {
            other = null;
            onChange.run();
        }
    }

    /**
     * Whoever deletes or replaces the locked file, or its directory, would let another process lock the next one. And what
     * could not be locked at the start may be by now: a disk that was not well, or read-only, is so for a while.
     */
    private void ensureLocked() {
        try {
            boolean same = keyNow().equals(key);
            if (!same) {
                disk.createDirectories(Objects.requireNonNull(file.getParent()));
            }
            synchronized (relocking) {
                if (closed) {
                    return;
                } else if (same) {
                    lock.retry();
                } else {
                    relock();
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Not locked again: " + file);
        }
    }

    private void relock() throws IOException {
        key = null;
        lock.close();
        Optional<Locked> again = lock();
        if (again.isPresent()) {
            lock = again.get().lock();
            key = again.get().key();
        }
    }

    /** Twice if there is no such file afterwards: somebody deleted it at once; or none can be made here. */
    private Optional<Locked> lock() throws IOException {
        Optional<Locked> first = lockOnce();
        if (first.isEmpty() || !"".equals(first.get().key())) {
            return first;
        }
        first.get().lock().close();
        return lockOnce();
    }

    private Optional<Locked> lockOnce() throws IOException {
        return disk.lock(file, holder.getBytes(StandardCharsets.UTF_8)).map(taken -> new Locked(taken, keyIfSeen()));
    }

    @CheckForNull
    private String keyIfSeen() {
        try {
            return keyNow();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Not looked at: " + file);
            return null;
        }
    }

    private String keyNow() throws IOException {
        return disk.stamp(file).map(Disk.Stamp::key).orElse("");
    }

    /** Whether nobody else is known to use the leases at this moment; asks the disk. */
    boolean isAlone() {
        String now = read();
        return other == null && (now.isBlank() || now.equals(holder) || !watched);
    }

    /** Looks no more: another process may have them soon. */
    void stopLooking() {
        closed = true;
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
        closed = true;
        synchronized (relocking) {
            lock.close();
        }
    }
}
