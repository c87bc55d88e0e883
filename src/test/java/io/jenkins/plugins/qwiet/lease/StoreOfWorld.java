package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.world.VirtualDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A {@link LeaseStore} on a disk that is none. */
public final class StoreOfWorld {
    private static final Path DIRECTORY =
            DiskOfWorld.ROOT.resolve("qwiet-ci-token").resolve("leases");

    private StoreOfWorld() {}

    /** @param smallestLimit bytes of a journal, before which it is not made smaller */
    public static LeaseStore open(
            VirtualDisk.View disk,
            Home home,
            Clock clock,
            LongSupplier nanoTime,
            Supplier<String> ids,
            Executor threads,
            int smallestLimit)
            throws IOException {
        var parts = new LeaseStore.Parts(
                DIRECTORY, clock, nanoTime, home, ids, new DiskOfWorld(disk), threads, smallestLimit);
        return LeaseStore.open(parts);
    }

    /** Whether a lease is known: open, or resting; or, of one of twins, ended. */
    public static boolean knows(LeaseStore store, String nonce, boolean endedToo) {
        return store.find(nonce).isPresent() || store.isResting(nonce) || endedToo && isEnded(store, nonce);
    }

    /** How many leases ended, and are to be looked for once more. */
    public static int ended(LeaseStore store) {
        return store.ended().size();
    }

    /** The nonces of the leases in a journal, those of which it says that they are gone left out. */
    public static Set<String> noncesIn(byte[] journal) {
        Set<String> nonces = new HashSet<>();
        for (JournalRecord record :
                JournalText.records(JournalText.read(journal).records())) {
            if (record.lease() == null) {
                nonces.remove(record.nonce());
            } else {
                nonces.add(record.nonce());
            }
        }
        return nonces;
    }

    /** Whether a mark says that what the file system knows the directory by stays the same. */
    public static boolean saysThatDirectoryIsSteady(byte[] mark) {
        return new String(mark, StandardCharsets.UTF_8).contains("\"directoryIsSteady\":\"YES\"");
    }

    /** Whether a mark says that another machine, in another directory, is no sign of a copy: both misled, and nothing else since. */
    public static boolean saysThatMachineTellsNothing(byte[] mark) {
        String text = new String(mark, StandardCharsets.UTF_8);
        return text.contains("\"directoryIsSteady\":\"NO\"") && !text.contains("\"machineIsSteady\":\"YES\"");
    }

    /** Whether a lease ended, and is to be looked for once more. */
    public static boolean isEnded(LeaseStore store, String nonce) {
        return store.findEnded(nonce).isPresent();
    }
}
