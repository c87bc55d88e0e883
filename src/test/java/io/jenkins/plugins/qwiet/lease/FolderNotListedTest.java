package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The folder of leases may no longer be listed, but written: the next start gives no build a token, so it is told now. */
class FolderNotListedTest extends HomeOfLeases {
    private boolean mayList = true;

    private LeaseStore openHere() throws IOException {
        return Leases.store(directory, clock, new NoLocks() {
            @Override
            public List<Path> list(Path folder) throws IOException {
                if (folder.equals(directory) && !mayList) {
                    throw new AccessDeniedException(folder.toString());
                }
                return super.list(folder);
            }
        });
    }

    @Test
    void isTold() throws Exception {
        LeaseStore store = openHere();
        store.put(Leases.live(1, "shop#1")).join();
        mayList = false;
        for (int i = 0; i < 5; i++) {
            store.mend().join();
        }
        boolean told = store.others().unread().isPresent() || store.trouble().isPresent();
        store.close().join();
        boolean opens = true;
        try {
            openHere().close().join();
        } catch (IOException e) {
            opens = false;
        }
        assertThat(told || opens)
                .as("told: %s, opens at the next start: %s", told, opens)
                .isTrue();
    }
}
