package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Of two journals that somebody puts into a home, one may not be read: the other is read at the next cleanup all the same. */
class UnreadHidesNothingTest extends HomeOfLeases {
    private static final String UNREADABLE = "journal-00000077.jsonl";

    private LeaseStore openAsAnotherUser() throws IOException {
        return Leases.store(directory, clock, new NoLocks() {
            @Override
            public byte[] read(Path file) throws IOException {
                if (file.endsWith(UNREADABLE)) {
                    throw new AccessDeniedException(file.toString());
                }
                return super.read(file);
            }
        });
    }

    @Test
    void theReadableOneIsRead() throws Exception {
        LeaseStore store = openAsAnotherUser();
        store.put(Leases.live(1, "shop#1")).join();
        byte[] backup = journal();
        store.remove(Leases.live(1, "shop#1").nonce()).join();
        store.put(Leases.live(2, "shop#2")).join();
        assertThat(store.leases()).hasSize(1);
        Files.writeString(directory.resolve(UNREADABLE), "whatever\n");
        Files.write(directory.resolve("journal-00000076.jsonl"), backup);
        for (int i = 0; i < 3; i++) {
            store.mend().join();
        }
        assertThat(store.leases()).extracting(Lease::buildId).contains("shop#1");
    }

    /** The control. */
    @Test
    void control() throws Exception {
        LeaseStore store = openAsAnotherUser();
        store.put(Leases.live(1, "shop#1")).join();
        byte[] backup = journal();
        store.remove(Leases.live(1, "shop#1").nonce()).join();
        store.put(Leases.live(2, "shop#2")).join();
        Files.write(directory.resolve("journal-00000076.jsonl"), backup);
        for (int i = 0; i < 3; i++) {
            store.mend().join();
        }
        assertThat(store.leases()).extracting(Lease::buildId).contains("shop#1");
    }

    /** A link to nowhere, as a restored backup may have: the next start cannot read it, so somebody must be told now. */
    @Test
    void aLinkToNowhereIsTold() throws Exception {
        LeaseStore store = openAsAnotherUser();
        store.put(Leases.live(1, "shop#1")).join();
        Files.createSymbolicLink(directory.resolve("journal-00000070.jsonl"), directory.resolve("gone"));
        for (int i = 0; i < 3; i++) {
            store.mend().join();
        }
        boolean told = store.others().unread().isPresent();
        store.close().join();
        boolean opens;
        String why = "";
        try {
            openAsAnotherUser().close().join();
            opens = true;
        } catch (IOException e) {
            opens = false;
            why = e.toString();
        }
        assertThat(told || opens)
                .as("told %s, opens at the next start %s %s", told, opens, why)
                .isTrue();
    }
}
