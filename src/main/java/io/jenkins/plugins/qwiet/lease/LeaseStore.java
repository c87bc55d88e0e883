package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;

/**
 * Keeps the open leases on disk, one file each. Safe on any thread; one process at a time.
 *
 * <p>The directory is read once, at opening. After that a lease costs the same however many others there are: finding is
 * done in memory, and only {@link #put} and {@link #remove} touch the disk (and block for it).
 */
public final class LeaseStore {
    private static final Logger LOGGER = Logger.getLogger(LeaseStore.class.getName());
    private static final String SET_ASIDE = "set-aside";
    private static final int LOCKS = 64;

    private final Path directory;
    private final SyncedFiles disk;
    private final Instant openedAt;
    private final LeaseIndex index = new LeaseIndex();
    private final List<Path> setAside;
    // One nonce is changed by one thread at a time; different nonces seldom share a lock, so their syncs overlap.
    private final List<Lock> locks =
            IntStream.range(0, LOCKS).<Lock>mapToObj(i -> new ReentrantLock()).toList();

    private LeaseStore(Path directory, Clock clock, SyncedFiles disk) throws IOException {
        this.directory = directory;
        this.disk = disk;
        this.openedAt = clock.instant();
        SyncedFiles.createDirectories(directory);
        this.setAside = new LeaseReader(directory, directory.resolveSibling(SET_ASIDE)).read(index::put);
    }

    /**
     * Reads the leases that are there. Files that are none (damaged, cut short, foreign, of a later version of the
     * plugin) are moved to the folder {@code set-aside} beside the directory, with a warning in the log.
     *
     * @param directory made if it is missing
     * @throws IOException if the directory cannot be made or read
     */
    @NonNull
    public static LeaseStore open(@NonNull Path directory, @NonNull Clock clock) throws IOException {
        return open(directory, clock, new SyncedFiles());
    }

    static LeaseStore open(Path directory, Clock clock, SyncedFiles disk) throws IOException {
        return new LeaseStore(directory.toAbsolutePath(), clock, disk);
    }

    /**
     * Writes a lease, new or changed, and returns when it is sure to survive a crash.
     *
     * <p>If that fails, a new lease is not kept; a change of a lease is, until the process ends. Afterwards the lease is
     * as it was before the change or after it.
     *
     * @throws IOException if the disk is full, read-only or gone
     */
    public void put(@NonNull Lease lease) throws IOException {
        changing(lease.nonce(), before -> lease, true);
    }

    /**
     * Forgets a lease, if it is there. Not synced: a lease that comes back after a crash costs one call to Qwiet that
     * finds nothing.
     *
     * @throws IOException if its file could not be deleted; the lease is kept
     */
    public void remove(@NonNull String nonce) throws IOException {
        Lock lock = lockOf(nonce);
        lock.lock();
        try {
            if (index.find(nonce).isPresent()) {
                disk.delete(file(nonce));
                index.remove(nonce);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets the leases of builds follow their job, when that or a folder with it has got another name or place.
     *
     * @param from the full name that the job or folder had
     * @param to the full name that it has
     * @throws IOException if the disk did not take all of it; it holds until the process ends
     */
    public void move(@NonNull String from, @NonNull String to) throws IOException {
        IOException problem = null;
        for (Lease lease : leases()) {
            try {
                update(lease.nonce(), l -> l.moved(from, to));
            } catch (IOException e) {
                problem = e;
            }
        }
        if (problem != null) {
            throw problem;
        }
    }

    /** The lease of that nonce, if it is open. */
    @NonNull
    public Optional<Lease> find(@NonNull String nonce) {
        return index.find(nonce);
    }

    /** All leases as they are now, in no order. */
    @NonNull
    public List<Lease> leases() {
        return index.all();
    }

    /** The leases of one build as they are now, in no order. */
    @NonNull
    public List<Lease> ofBuild(@NonNull String buildId) {
        return index.ofBuild(buildId);
    }

    /** The files that were no leases when the store was opened, or at an earlier opening, where they are now. */
    @NonNull
    public List<Path> setAside() {
        return setAside;
    }

    /** Changes a lease, or what it was at first if it is not there. */
    void update(Lease atFirst, UnaryOperator<Lease> change) throws IOException {
        changing(atFirst.nonce(), before -> change.apply(before == null ? atFirst : before), true);
    }

    /** Changes a lease if it is there; nothing is written if the change changes nothing. */
    Optional<Lease> update(String nonce, UnaryOperator<Lease> change) throws IOException {
        return changing(nonce, before -> before == null ? null : change.apply(before), false);
    }

    Instant openedAt() {
        return openedAt;
    }

    Path directory() {
        return directory;
    }

    private Optional<Lease> changing(String nonce, UnaryOperator<Lease> change, boolean always) throws IOException {
        Lock lock = lockOf(nonce);
        lock.lock();
        try {
            Lease before = index.find(nonce).orElse(null);
            Lease after = change.apply(before);
            if (after == null || (after.equals(before) && !always)) {
                return Optional.ofNullable(before);
            }
            if (before != null) {
                // What is known is known, whether or not the disk takes it.
                index.put(after);
                write(after);
            } else {
                writeNew(after);
                index.put(after);
            }
            return Optional.of(after);
        } finally {
            lock.unlock();
        }
    }

    private void write(Lease lease) throws IOException {
        Path unfinished = directory.resolve(lease.nonce() + LeaseReader.SUFFIX + LeaseReader.UNFINISHED);
        try {
            disk.write(unfinished, LeaseJson.write(lease));
            disk.rename(unfinished, file(lease.nonce()));
        } catch (IOException e) {
            deleteAfter(unfinished);
            throw e;
        }
        disk.sync(directory);
    }

    private void writeNew(Lease lease) throws IOException {
        try {
            write(lease);
        } catch (IOException e) {
            deleteAfter(file(lease.nonce()));
            throw e;
        }
    }

    private void deleteAfter(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            // Harmless: the next opening clears an unfinished file away, and an intent without a token is soon dropped.
            LOGGER.log(Level.FINE, e, () -> "Left behind: " + file);
        }
    }

    private Path file(String nonce) {
        return directory.resolve(nonce + LeaseReader.SUFFIX);
    }

    private Lock lockOf(String nonce) {
        return locks.get(Math.floorMod(nonce.hashCode(), LOCKS));
    }
}
