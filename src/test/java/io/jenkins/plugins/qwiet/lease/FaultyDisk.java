package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** A real directory on a disk that fails, or takes its machine down, at one operation; or is full until it is not. */
final class FaultyDisk extends Leases.UnlockedDisk {
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
    public OpenFile create(Path file) throws IOException {
        var made = new OpenFile[1];
        run(() -> made[0] = super.create(file), () -> super.create(file).close());
        return new Faulty(made[0]);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        run(() -> super.rename(from, to), () -> {});
    }

    @Override
    public void sync(Path directory) throws IOException {
        run(() -> {}, () -> {});
    }

    @Override
    public void delete(Path file) throws IOException {
        run(() -> super.delete(file), () -> {});
    }

    private final class Faulty implements OpenFile {
        private final OpenFile file;

        Faulty(OpenFile file) {
            this.file = file;
        }

        @Override
        public void append(byte[] bytes) throws IOException {
            run(() -> file.append(bytes), () -> file.append(Arrays.copyOf(bytes, bytes.length / 2)));
        }

        @Override
        public void sync() throws IOException {
            run(file::sync, () -> {});
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
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
}
