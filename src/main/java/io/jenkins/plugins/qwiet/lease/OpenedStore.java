package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** What a {@link LeaseStore} is made of when its directory is locked and read. */
final class OpenedStore {
    private static final String SET_ASIDE = "set-aside";

    private final HomeLock lock;
    private final JournalFiles files;
    private final JournalWriter writer;
    private final Journal journal;
    private final KnownLeases known;
    private final LeaseBook book;

    /**
     * Reads what is there, and writes nothing.
     *
     * @throws IOException as {@link LeaseStore#open}; then the lock is given back
     */
    OpenedStore(LeaseStore.Parts parts) throws IOException {
        this.lock = HomeLock.take(parts, this::giveUpFile);
        boolean open = false;
        try {
            HomeMark mark = HomeMark.read(parts.disk(), parts.directory(), parts.home(), parts.clock(), parts.ids());
            this.known = new KnownLeases(mark, parts.clock());
            this.files = new JournalFiles(
                    parts.disk(), parts.directory(), parts.directory().resolveSibling(SET_ASIDE), mark);
            long seq = 0;
            for (JournalText.Numbered last : files.read()) {
                seq = Math.max(seq, last.seq() + 1);
                known.keep(last.record());
            }
            mark.keepFormers(known.resting().owners());
            var knowledge = new JournalWriter.Knowledge(this::everything, this::adopt, lock::isAlone);
            this.writer = new JournalWriter(files, seq, parts.clock(), parts.smallestLimit(), knowledge);
            this.journal = new Journal(writer, parts.clock(), parts.executor());
            this.book = new LeaseBook(known, journal);
            open = true;
        } finally {
            // After an Error too: or this process would be refused because of itself.
            if (!open) {
                lock.close();
            }
        }
    }

    private List<JournalRecord> everything() {
        return book.everything();
    }

    private int adopt(Collection<JournalRecord> found) {
        return book.adopt(found);
    }

    private void giveUpFile() {
        writer.giveUp();
    }

    HomeLock lock() {
        return lock;
    }

    JournalFiles files() {
        return files;
    }

    Journal journal() {
        return journal;
    }

    KnownLeases known() {
        return known;
    }

    LeaseBook book() {
        return book;
    }
}
