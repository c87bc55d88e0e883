package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An Error, as when memory is short for a moment, leaves the store as an exception does. */
class ErrorsOfJavaTest extends HomeOfLeases {
    /** Memory is short for a moment while it is read, or a class cannot be loaded: the next try is to succeed. */
    @ParameterizedTest
    @ValueSource(strings = {"IOException", "OutOfMemoryError", "NoClassDefFoundError"})
    void anOpeningThatFailedLeavesNoLockBehind(String how) throws Exception {
        LeaseStore before = Leases.store(directory, clock, new LocalDisk());
        before.put(Leases.live(1, "shop#1")).join();
        before.close().join();
        var unwell = new LocalDisk() {
            @Override
            public byte[] read(Path file) throws IOException {
                if (file.getFileName().toString().startsWith("journal-")) {
                    switch (how) {
                        case "IOException" -> throw new IOException(how);
                        case "OutOfMemoryError" -> throw new OutOfMemoryError(how);
                        default -> throw new NoClassDefFoundError(how);
                    }
                }
                return super.read(file);
            }
        };
        try {
            Leases.store(directory, clock, unwell);
        } catch (IOException | Error e) {
            assertThat(e).hasMessage(how);
        }
        LeaseStore store = Leases.store(directory, clock, new LocalDisk());
        assertThat(store.leases()).hasSize(1);
        store.close().join();
    }

    /** Memory is short for a moment while a lease is written. */
    @ParameterizedTest
    @ValueSource(strings = {"IOException", "OutOfMemoryError"})
    void anErrorWhileOneIsWrittenIsNoDamage(String how) throws Exception {
        var disk = new Leases.UnlockedDisk() {
            private boolean fails;

            @Override
            public OpenFile create(Path file) throws IOException {
                OpenFile real = super.create(file);
                return new PassingFile(real) {
                    @Override
                    public void append(byte[] bytes) throws IOException {
                        if (fails) {
                            fails = false;
                            if (how.equals("IOException")) {
                                throw new IOException(how);
                            }
                            throw new OutOfMemoryError(how);
                        }
                        real.append(bytes);
                    }
                };
            }
        };
        LeaseStore store = Leases.store(directory, clock, disk);
        store.put(Leases.live(1, "shop#1")).join();
        disk.fails = true;
        try {
            store.put(Leases.live(2, "shop#2")).exceptionally(e -> null).join();
        } catch (OutOfMemoryError e) {
            // On a thread of its own in Jenkins.
        }
        store.put(Leases.live(3, "shop#3")).join();
        store.close().join();
        LeaseStore again = Leases.store(directory, clock);
        assertThat(again.leases()).extracting(Lease::buildId).contains("shop#1", "shop#3");
        assertThat(again.setAside()).as("nothing is damaged").isEmpty();
    }
}
