package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** A real directory on a disk that fails, or takes its machine down, at one operation; or is full until it is not. */
final class FaultyDisk extends SyncedFiles {
    enum Fault {
        /** The operation did nothing and said so. */
        FAILS,
        /** It said that it did nothing, but did it. */
        FAILS_AFTERWARDS,
        /** It and all the following do nothing, until the disk is mended. */
        FAILS_FROM_HERE,
        /** Power cut before it. */
        STOPS,
        /** Power cut in the middle: of a file, half is there. */
        STOPS_HALFWAY,
        /** Power cut after it. */
        STOPS_AFTERWARDS;

        boolean isStop() {
            return this == STOPS || this == STOPS_HALFWAY || this == STOPS_AFTERWARDS;
        }
    }

    private interface Operation {
        void run() throws IOException;
    }

    private final SyncedFiles disk = new Unsynced();
    private final AtomicInteger operations = new AtomicInteger();
    private final Machine machine;
    private final int at;
    private final Fault fault;
    private volatile boolean full;

    /** @param at the number of the operation with the fault, from 1; 0 for none */
    FaultyDisk(Machine machine, int at, Fault fault) {
        this.machine = machine;
        this.at = at;
        this.fault = fault;
    }

    static FaultyDisk sound() {
        return new FaultyDisk(new Machine(), 0, Fault.FAILS);
    }

    /** How many there were so far. */
    int operations() {
        return operations.get();
    }

    void fill() {
        full = true;
    }

    void mend() {
        full = false;
    }

    @Override
    void write(Path file, byte[] content) throws IOException {
        run(() -> disk.write(file, content), () -> disk.write(file, Arrays.copyOf(content, content.length / 2)));
    }

    @Override
    void rename(Path from, Path to) throws IOException {
        run(() -> disk.rename(from, to), () -> {});
    }

    @Override
    void sync(Path directory) throws IOException {
        run(() -> disk.sync(directory), () -> {});
    }

    @Override
    void delete(Path file) throws IOException {
        run(() -> disk.delete(file), () -> {});
    }

    private void run(Operation whole, Operation half) throws IOException {
        machine.check();
        if (full) {
            throw new IOException("No space left on device");
        }
        if (operations.incrementAndGet() != at) {
            whole.run();
            return;
        }
        full = fault == Fault.FAILS_FROM_HERE;
        if (fault == Fault.FAILS_AFTERWARDS || fault == Fault.STOPS_AFTERWARDS) {
            whole.run();
        } else if (fault == Fault.STOPS_HALFWAY) {
            half.run();
        }
        if (fault.isStop()) {
            machine.stop();
        }
        machine.check();
        throw new IOException("Input/output error");
    }

    /** Waits for no platter: what is tested are thousands of orders of operations, and none of them pulls a plug. */
    private static final class Unsynced extends SyncedFiles {
        @Override
        void write(Path file, byte[] content) throws IOException {
            Files.write(file, content);
        }

        @Override
        void sync(Path directory) {
            // Not waited for.
        }
    }
}
