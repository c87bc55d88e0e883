package io.jenkins.plugins.qwiet.lease;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Appends changes to the file of a {@link Journal}, and begins a new one with all that is known when it has grown, after any
 * error, and when somebody else deleted, replaced or changed it: what an append or a sync that failed has left in a file is
 * not known, and what is written to a file without its name is nowhere. Older files are deleted when the new one is durable;
 * until then they count as well. So a file is never appended to after an error, nor by another process than the one that
 * made it.
 *
 * <p>Used by one thread at a time, where nothing else is said.
 */
final class JournalWriter {
    /** A file is not made smaller before it has so many bytes. */
    static final int SMALLEST_LIMIT = 1 << 20;

    private static final Logger LOGGER = Logger.getLogger(JournalWriter.class.getName());
    private static final int GROWTH = 3;

    /**
     * What there is to be known.
     *
     * @param everything all that is known, with the changes of which was told until then
     * @param adopt keeps what was found on the disk, if nothing is known of it, and gives how much it kept
     * @param alone whether no other process uses the leases; asks the disk
     */
    record Knowledge(
            Supplier<List<JournalRecord>> everything,
            ToIntFunction<Collection<JournalRecord>> adopt,
            BooleanSupplier alone) {}

    private final JournalFiles files;
    private final Clock clock;
    private final Knowledge knowledge;
    private final int smallestLimit;
    private JournalFile file;
    private long limit;
    private long seq;
    private long lastOfFile;
    private boolean untidy;
    /** Whether that is to be put right now: once for each file that is begun, and with each look, or each promise would wait. */
    private boolean tidying;

    private boolean refused;
    private volatile boolean givenUp;
    private volatile Instant disturbedAt;
    private volatile DiskTrouble unread;

    /** @param seq the first number that is free */
    JournalWriter(JournalFiles files, long seq, Clock clock, int smallestLimit, Knowledge knowledge) {
        this.files = files;
        this.seq = seq;
        this.untidy = !files.isEmpty();
        this.clock = clock;
        this.smallestLimit = smallestLimit;
        this.knowledge = knowledge;
    }

    /** Has another file begun with the next {@link #write}, which may find nothing else to do. May be called on any thread. */
    void giveUp() {
        givenUp = true;
    }

    /** When somebody else was last seen to have changed the files; empty if never. May be called on any thread. */
    Optional<Instant> disturbedAt() {
        return Optional.ofNullable(disturbedAt);
    }

    /** Why the folder, or a file that somebody put there, cannot be read; empty if all can. May be called on any thread. */
    Optional<DiskTrouble> unread() {
        return Optional.ofNullable(unread);
    }

    /**
     * Writes changes, and what was refused before.
     *
     * @param promised whether they have to survive a power cut
     * @param look whether to see that all is on the disk as it was left, also where there is nothing to write
     * @param last whether nothing more will be written, so that files need not be put in order
     * @throws IOException if any of it may not be on the disk; then all is written anew the next time
     */
    void write(List<JournalRecord> changes, boolean promised, boolean look, boolean last) throws IOException {
        boolean done = false;
        try {
            if (givenUp) {
                givenUp = false;
                abandon();
                // Also if nothing else is to be written: what was may be gone.
                refused = true;
            }
            if (look && !last) {
                files.settle();
            }
            if (look || files.hasStrangers()) {
                look();
            }
            boolean idle = changes.isEmpty() && !refused && (last || !untidy);
            if (!compactIfGrown() && (file == null ? !idle : !append(changes, promised))) {
                roll();
            }
            tidying |= look || last;
            if (untidy && tidying && file != null) {
                tidying = false;
                untidy = !files.tidy();
            }
            done = true;
        } finally {
            refused = !done;
            untidy |= refused;
        }
    }

    /** What it finds is put right by what follows. Never fails: what cannot be looked at now may be as it was. */
    private void look() {
        files.lookAside();
        try {
            lookAtMark();
            if (knowledge.alone().getAsBoolean()) {
                IOException problem = files.readStrangers(files.strangers(file), this::adopt);
                if (problem == null) {
                    unread = null;
                } else {
                    notRead(problem);
                }
            }
        } catch (NoSuchFileException e) {
            // It is made again by what follows.
            LOGGER.log(Level.FINE, e, () -> "Not looked at: " + files);
        } catch (IOException e) {
            notRead(e);
        }
    }

    private void adopt(Collection<JournalText.Numbered> found) {
        found.forEach(record -> seq = Math.max(seq, record.seq() + 1));
        int adopted = knowledge.adopt().applyAsInt(JournalText.records(found));
        if (adopted > 0) {
            LOGGER.log(
                    Level.WARNING, "Leases found in files that somebody put into {0}: {1}", new Object[] {files, adopted
                    });
        }
        if (!found.isEmpty()) {
            // With numbers after those: what is known here counts more, also if it ends before those files are gone.
            abandon();
            refused = true;
        }
        untidy |= !files.isEmpty();
    }

    private void notRead(IOException why) {
        DiskTrouble before = unread;
        unread = new DiskTrouble(before == null ? clock.instant() : before.since(), why.toString());
        // Once: it is met by each look.
        LOGGER.log(
                before == null ? Level.WARNING : Level.FINE,
                why,
                () ->
                        "The folder of leases, or a file that somebody put there, cannot be read, which each cleanup tries again."
                                + " Let Jenkins read it, or move such a file away: as it is, no build gets a token after the"
                                + " next start. " + files);
    }

    private boolean compactIfGrown() {
        if (file == null || file.size() < limit) {
            return false;
        }
        try {
            roll();
            return true;
        } catch (IOException e) {
            // There is no room for a smaller file; the large one is sound, and goes on.
            LOGGER.log(Level.FINE, e, () -> "Not made smaller: " + file.path());
            limit = file.size() + smallestLimit;
            return false;
        }
    }

    /** @return false if the file is not to be trusted any more */
    private boolean append(List<JournalRecord> changes, boolean promised) {
        boolean sound = false;
        try {
            var bytes = new ByteArrayOutputStream();
            for (JournalRecord change : changes) {
                bytes.write(JournalText.write(seq, seq - lastOfFile - 1, change));
                lastOfFile = seq++;
            }
            files.ensureMarked();
            if (bytes.size() > 0) {
                file.append(bytes.toByteArray());
                if (promised) {
                    file.sync();
                }
            }
            // After that: what was there before it may be gone.
            sound = bytes.size() > 0 && !promised || isIntact();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Given up for another: " + file.path());
        } finally {
            // After an Error too.
            if (!sound) {
                abandon();
            }
        }
        return sound;
    }

    private boolean isIntact() throws IOException {
        boolean intact = file.isIntact();
        if (!intact) {
            disturbed(file.path());
        }
        return intact;
    }

    private void lookAtMark() {
        if (files.isMarkDisturbed()) {
            disturbed("the mark");
        }
    }

    private void disturbed(Object what) {
        disturbedAt = clock.instant();
        LOGGER.log(
                Level.WARNING,
                "Somebody deleted, replaced or changed files of leases in {0} while Jenkins uses them ({1}). All that is known"
                        + " is written again. Do not restore backups into a home that is in use.",
                new Object[] {files, what});
    }

    /** Begins a file with all that is known. After an error, the one before is as it was. */
    private void roll() throws IOException {
        // Of the one before, or of this one if it fails.
        untidy = true;
        lookAtMark();
        files.prepare();
        var bytes = new ByteArrayOutputStream();
        for (JournalRecord record : knowledge.everything().get()) {
            bytes.write(JournalText.write(seq++, 0, record));
        }
        JournalFile begun = files.begin(bytes.toByteArray());
        abandon();
        file = begun;
        tidying = true;
        lastOfFile = seq - 1;
        limit = Math.max(smallestLimit, GROWTH * file.size());
    }

    /** Files are put in order with the next one. */
    private void abandon() {
        if (file != null) {
            files.close(file);
            file = null;
            untidy = true;
        }
    }

    /** Ends writing. */
    void close() {
        abandon();
    }

    @Override
    public String toString() {
        return files.toString();
    }
}
