package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody puts a journal of a backup into a home that is in use, and Jenkins may not read it. */
class UnreadJournalTest extends HomeOfLeases {
    private static final String NAME = "journal-00000077.jsonl";

    private final Logger logger = Logger.getLogger(JournalWriter.class.getName());
    private final List<String> warnings = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                warnings.add(String.valueOf(record.getMessage()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private boolean mayRead;

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        logger.removeHandler(handler);
    }

    private LeaseStore openAsAnotherUser() throws IOException {
        return Leases.store(directory, clock, new NoLocks() {
            @Override
            public byte[] read(Path file) throws IOException {
                if (file.endsWith(NAME) && !mayRead) {
                    throw new AccessDeniedException(file.toString());
                }
                return super.read(file);
            }
        });
    }

    @Test
    void isToldOnceAndAsLongAsItIsSo() throws Exception {
        LeaseStore store = openAsAnotherUser();
        store.put(Leases.live(1, "shop#1")).join();
        assertThat(store.others().unread()).isEmpty();
        Files.writeString(directory.resolve(NAME), "whatever\n");
        for (int i = 0; i < 5; i++) {
            store.mend().join();
        }
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("cannot be read")
                .contains(directory.toString());
        assertThat(store.others().unread())
                .get()
                .satisfies(trouble -> assertThat(trouble.reason()).contains("AccessDenied", NAME));
        assertThat(store.put(Leases.live(2, "shop#2"))).isCompleted();
        assertThat(store.trouble()).isEmpty();

        mayRead = true;
        store.mend().join();
        assertThat(store.others().unread()).isEmpty();
        assertThat(store.setAside()).hasSize(1);
    }

    @Test
    void isToldAnewWhenItComesAgain() throws Exception {
        LeaseStore store = openAsAnotherUser();
        store.put(Leases.live(1, "shop#1")).join();
        for (int i = 0; i < 2; i++) {
            mayRead = false;
            Files.writeString(directory.resolve(NAME), "whatever " + i + "\n");
            store.mend().join();
            mayRead = true;
            for (int looks = 0; looks < 3; looks++) {
                store.mend().join();
            }
        }
        assertThat(warnings.stream().filter(warning -> warning.contains("cannot be read")))
                .hasSize(2);
    }
}
