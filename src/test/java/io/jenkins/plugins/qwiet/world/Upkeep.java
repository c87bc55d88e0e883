package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.StoreOfWorld;
import java.time.Duration;
import java.util.List;

/** What one process makes of the files of its home, each time that it has looked at them and the disk was well. */
final class Upkeep {
    private static final Duration LOOKS = Duration.ofSeconds(30);
    /**
     * A journal may be so many times as large as what is known: three times when it is appended to, and what is appended at once
     * may be a change of each lease, where a person decides about all or a cleanup fails for all.
     */
    private static final int GROWTH = 4;
    /** What may come between two looks. */
    private static final int MORE = 8;
    /** Looks that may find more journals than the one that counts, after somebody did something: some minutes each. */
    private static final int MOST_SEVERAL = 15;

    private final Installation home;
    private final Controller controller;
    private final Timeline timeline;
    private int mostKnown;
    private long looked = -1;
    private long lookedBefore = -1;
    private int looks;
    private int actsSeen;
    /** How many of the last looks found more than one journal. */
    private int several;

    private int actsChecked;

    Upkeep(Installation home, Controller controller) {
        this.home = home;
        this.controller = controller;
        this.timeline = home.world().timeline();
    }

    /** A look begins now: after a while all is in order, if nothing failed until then. */
    void begin() {
        long begun = timeline.now();
        int failures = home.disk().failures();
        int acts = home.tampering().acts();
        if (acts != actsSeen) {
            // The first look after that puts the names of the lock right, and only the next one may find that nobody
            // else is there.
            actsSeen = acts;
            looks = 0;
        }
        int before = looks;
        timeline.after(LOOKS, controller.life(), () -> {
            if (home.disk().failures() == failures && home.tampering().acts() == acts && !controller.isStopping()) {
                // What another may have written is not read yet.
                looks = controller.store().otherProcess().isPresent() ? 0 : looks + 1;
                lookedBefore = looked;
                looked = begun;
                home.lookedAt(begun);
                if (before > 0 && looks > 0) {
                    home.isInOrder(controller);
                    check();
                }
            } else {
                looks = 0;
                looked = -1;
            }
        });
    }

    /** When the last look began, if that found the disk well; negative if not. */
    long lookedAt() {
        return looked;
    }

    /** When the look before that began, if both found the disk well; negative if not. */
    long lookedBefore() {
        return lookedBefore;
    }

    /** A lease more will be known. */
    void count() {
        LeaseStore store = controller.store();
        mostKnown = Math.max(mostKnown, store.leases().size() + store.resting().size() + StoreOfWorld.ended(store) + 1);
    }

    private void check() {
        if (home.isShared()) {
            return;
        }
        count();
        List<byte[]> journals = home.journals();
        // Of one that somebody replaced as it was made, only what is written next tells; what is there then is read
        // first, and goes when two more looks found it as it was.
        boolean again = home.tampering().acts() != actsChecked;
        actsChecked = home.tampering().acts();
        several = journals.size() > 1 && !again ? several + 1 : 0;
        if (several > MOST_SEVERAL) {
            home.world().violation("There are " + journals.size() + " journals, though the disk is well");
        }
        // What somebody put there may have any size.
        for (byte[] journal : home.isCopy() || journals.size() > 1 ? List.<byte[]>of() : journals) {
            int line = longestLine(journal);
            // Where there is no room for a smaller one, the large one goes on for a while.
            long least = (1L + home.disk().failures()) * home.world().weather().smallestLimit();
            long most = Math.max(least, (long) GROWTH * mostKnown * line) + (long) MORE * line;
            if (journal.length > most) {
                home.world()
                        .violation("A journal has " + journal.length + " bytes, though no more than " + mostKnown
                                + " leases were known");
            }
        }
    }

    private static int longestLine(byte[] text) {
        int longest = 0;
        int begin = 0;
        for (int at = 0; at < text.length; at++) {
            if (text[at] == '\n') {
                longest = Math.max(longest, at + 1 - begin);
                begin = at + 1;
            }
        }
        return longest;
    }
}
