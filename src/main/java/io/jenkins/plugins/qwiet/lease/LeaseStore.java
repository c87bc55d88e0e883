package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Organization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps the open leases in memory and in a journal on disk. Safe on any thread; no method blocks but {@link #open}. One
 * process at a time: it holds a lock until {@link #close}, or until it ends.
 *
 * <p>Leases that were not written here, because this directory is a copy of another, <em>rest</em>: {@link #leases},
 * {@link #find} and {@link #ofBuild} do not know them, so nothing is done about them, until a person says whose they are.
 */
public final class LeaseStore {
    private static final Logger LOGGER = Logger.getLogger(LeaseStore.class.getName());

    /** What a store is made of; other ones in tests. Its nanoseconds pass however the clock is set. */
    record Parts(
            Path directory,
            Clock clock,
            LongSupplier nanoTime,
            Home home,
            Supplier<String> ids,
            Disk disk,
            Executor executor,
            int smallestLimit) {
        Parts(Path directory, Clock clock, Home home, Supplier<String> ids, Disk disk, Executor executor) {
            this(directory, clock, System::nanoTime, home, ids, disk, executor, JournalWriter.SMALLEST_LIMIT);
        }
    }

    private final Path directory;
    private final Instant openedAt;
    private final Executor executor;
    private final HomeLock lock;
    private final JournalFiles files;
    private final Journal journal;
    private final KnownLeases known;
    private final LeaseBook book;
    private final OthersLeases others;
    private CompletableFuture<Void> closed;

    private LeaseStore(Parts parts) throws IOException {
        this.openedAt = parts.clock().instant();
        this.directory = parts.directory();
        this.executor = parts.executor();
        var opened = new OpenedStore(parts);
        this.lock = opened.lock();
        this.files = opened.files();
        this.journal = opened.journal();
        this.known = opened.known();
        this.book = opened.book();
        this.others = new OthersLeases(known, book);
    }

    /**
     * Reads the leases that are there, on the calling thread. Lines that are none (damaged, foreign, of a later version
     * of the plugin) stay on disk in the folder {@code set-aside} beside the directory, with a warning in the log.
     *
     * @param directory made if it is missing
     * @param fileWork its threads write and sync files; a handful of threads is enough
     * @throws InUseException if another process uses the directory
     * @throws IOException if the directory cannot be made or read now; nothing is lost, and may be tried again
     */
    @NonNull
    public static LeaseStore open(
            @NonNull Path directory, @NonNull Clock clock, @NonNull Home home, @NonNull Executor fileWork)
            throws IOException {
        return open(new Parts(
                directory.toAbsolutePath(),
                clock,
                home,
                () -> UUID.randomUUID().toString(),
                new LocalDisk(),
                fileWork));
    }

    static LeaseStore open(Parts parts) throws IOException {
        parts.disk().createDirectories(parts.directory());
        return new LeaseStore(parts);
    }

    /**
     * Writes a lease, new or changed. {@link #find} knows it at once.
     *
     * <p>If the disk refuses, a new lease is not kept; a change of a lease is, until the process ends, and is written as
     * soon as the disk takes it.
     *
     * @return completes when it is sure to survive a crash, or with an {@link IOException} if the disk is full, read-only
     *     or gone. Whoever depends on it runs on a thread for file work
     */
    @NonNull
    public CompletableFuture<Void> put(@NonNull Lease lease) {
        return book.put(lease);
    }

    /**
     * Forgets a lease, if it is there. Not synced: one that comes back after a crash costs a call that finds nothing.
     *
     * @return completes when the disk was told, whether or not it took it
     */
    @NonNull
    public CompletableFuture<Void> remove(@NonNull String nonce) {
        return book.remove(nonce);
    }

    /**
     * Keeps of a lease, open or not, only that its nonce is to be looked for once more: its token is gone, but there may be a
     * second one. It is open no longer. Not synced: after a crash the lease may be open again, which costs a call.
     */
    void end(Lease lease) {
        book.end(lease);
    }

    /** Of {@link #ended()}, if it is there: nothing more is to be done about it. */
    void forgetEnded(String nonce) {
        book.forgetEnded(nonce);
    }

    /** The leases that ended, and are to be looked for once more, in no order. */
    public List<Lease> ended() {
        return known.ended();
    }

    /** One of {@link #ended()}. */
    Optional<Lease> findEnded(String nonce) {
        return known.findEnded(nonce);
    }

    /**
     * Lets the leases of builds follow their job, when that or a folder with it has got another name or place.
     *
     * @param from the full name that the job or folder had
     * @param to the full name that it has
     * @return completes as {@link #put}
     */
    @NonNull
    public CompletableFuture<Void> move(@NonNull String from, @NonNull String to) {
        return book.move(from, to);
    }

    /** The lease of that nonce, if it is open. */
    @NonNull
    public Optional<Lease> find(@NonNull String nonce) {
        return known.open().find(nonce);
    }

    /** All leases as they are now, in no order. */
    @NonNull
    public List<Lease> leases() {
        return known.open().all();
    }

    /** The leases of one build as they are now, in no order. */
    @NonNull
    public List<Lease> ofBuild(@NonNull String buildId) {
        return known.open().ofBuild(buildId);
    }

    /** The leases that were written by another, in no order. */
    @NonNull
    public List<RestingLease> resting() {
        return others.resting();
    }

    /** Whether the lease of that nonce was written by another, and nobody has decided about it. */
    public boolean isResting(@NonNull String nonce) {
        return known.resting().has(nonce);
    }

    /** All that were written by another, and what a person may decide about them. */
    @NonNull
    public OthersLeases others() {
        return others;
    }

    /** {@link OthersLeases#takeOver} of all that rest. */
    @NonNull
    public CompletableFuture<Void> takeOverResting() {
        return others.takeOver(others.owners());
    }

    /** {@link OthersLeases#forget} of all that rest. */
    @NonNull
    public CompletableFuture<Void> forgetResting() {
        return others.forget(others.owners());
    }

    /** The files with something in them that is no lease, now or at an earlier opening, where they are now. */
    @NonNull
    public List<Path> setAside() {
        return files.aside();
    }

    /** Why nothing can be written, so that no token can be minted; empty if it can, as far as known. */
    @NonNull
    public Optional<DiskTrouble> trouble() {
        return journal.trouble();
    }

    /**
     * When somebody else was last seen to have deleted or changed files that this process had; empty if never. What is known
     * was written again.
     */
    @NonNull
    public Optional<Instant> disturbedAt() {
        return journal.disturbedAt();
    }

    /**
     * Another process that uses these leases too, though they are locked, in words for a person; empty if there is none, as
     * far as {@link #mend} saw.
     */
    @NonNull
    public Optional<String> otherProcess() {
        return lock.other();
    }

    /**
     * Looks whether another process uses the leases and whether all is on disk as it was left there, writes what the disk
     * refused before, if it takes it now, reads files that somebody put there, and clears away those that the disk would not
     * give up. To be called now and then.
     *
     * @return completes normally
     */
    @NonNull
    public CompletableFuture<Void> mend() {
        return CompletableFuture.allOf(lock.look(executor), journal.mend());
    }

    /**
     * Writes what was changed until now and no more, and lets another process begin.
     *
     * @return completes normally when both are so
     */
    @NonNull
    public synchronized CompletableFuture<Void> close() {
        if (closed == null) {
            lock.stopLooking();
            closed = journal.close().thenRun(() -> {
                try {
                    lock.close();
                } catch (IOException e) {
                    LOGGER.log(Level.FINE, e, () -> "Could not unlock " + directory);
                }
            });
        }
        return closed;
    }

    /** Names this moment, for {@link #put(Lease, long)}. */
    long moment() {
        return book.moment();
    }

    /** {@link #put} of a lease whose build and account are called as they were at a {@link #moment()}. */
    CompletableFuture<Void> put(Lease lease, long asOf) {
        return book.put(lease, asOf);
    }

    /** Changes a lease, or what it was at first, at a {@link #moment()}, if it is not there; as {@link #put}. */
    CompletableFuture<Void> update(Lease atFirst, long asOf, UnaryOperator<Lease> how) {
        return book.update(atFirst, asOf, how);
    }

    /** Changes a lease if it is there, as {@link #put}; nothing is written if the change changes nothing. */
    CompletableFuture<Void> update(String nonce, UnaryOperator<Lease> how) {
        return book.update(nonce, how);
    }

    /** Marks that a token is no longer used; of a lease that rests too, for when it is taken over. As {@link #put}. */
    CompletableFuture<Void> release(String nonce, Instant now) {
        return book.release(nonce, now);
    }

    boolean isTokenOfAnother(Organization organization, String id, String nonce) {
        return known.isTokenOfAnother(organization, id, nonce);
    }

    Instant openedAt() {
        return openedAt;
    }

    Path directory() {
        return directory;
    }
}
