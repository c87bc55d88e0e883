package io.jenkins.plugins.qwiet.bench;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts the bytes that are in use, garbage left out, while an input is read: how far they rise above where they were. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class HeapInUse {
    private static final int STEP = 1 << 20;

    public double bytes;

    /** What reads the input. */
    interface Work<T> {
        T of(InputStream in) throws IOException;
    }

    <T> T during(byte[] input, Work<T> work) throws IOException {
        long before = now();
        T result = work.of(new FilterInputStream(new ByteArrayInputStream(input)) {
            private int unseen;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                unseen += read;
                if (unseen >= STEP || read < 0) {
                    unseen = 0;
                    bytes = Math.max(bytes, now() - before);
                }
                return read;
            }
        });
        bytes = Math.max(bytes, now() - before);
        return result;
    }

    private static long now() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
