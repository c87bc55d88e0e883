package io.jenkins.plugins.qwiet.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file or a directory, whatever its names: as programs see it, and as the platter has it. */
final class Inode {
    private final long number;
    private final boolean directory;
    private byte[] seen;
    private byte[] stable;
    /** Bytes before this are not written by a later sync any more. */
    private int forgotten;

    private Timeline.Life lockedBy = Timeline.NOBODY;
    private final List<Timeline.Life> openIn = new ArrayList<>();

    private Inode(long number, boolean directory, byte[] content) {
        this.number = number;
        this.directory = directory;
        this.seen = content;
        this.stable = content;
    }

    /** A new file, which is there for sure with all that is in it. */
    static Inode file(long number, byte[] content) {
        return new Inode(number, false, content);
    }

    /** A new directory. */
    static Inode directory(long number) {
        return new Inode(number, true, new byte[0]);
    }

    /** What another one is now, and nobody's. */
    Inode copy(long copyNumber) {
        return new Inode(copyNumber, directory, seen);
    }

    /** No other one that is there has it. */
    long number() {
        return number;
    }

    boolean isDirectory() {
        return directory;
    }

    void open(Timeline.Life life) {
        openIn.add(life);
    }

    void close(Timeline.Life life) {
        openIn.remove(life);
    }

    boolean isOpen() {
        return openIn.stream().anyMatch(life -> !life.isOver());
    }

    /** Not to be changed. */
    byte[] seen() {
        return seen;
    }

    void append(byte[] bytes, int length) {
        int end = seen.length;
        seen = Arrays.copyOf(seen, end + length);
        System.arraycopy(bytes, 0, seen, end, length);
    }

    /** Somebody writes all of it anew, and gives it the time that it takes to get to the platter. */
    void overwrite(byte[] content) {
        seen = content;
        stable = content;
        forgotten = 0;
    }

    void sync() {
        byte[] written = seen.clone();
        if (forgotten > stable.length) {
            Arrays.fill(written, stable.length, Math.min(forgotten, written.length), (byte) 0);
        }
        stable = written;
    }

    /** What was not synced until now never will be. */
    void forget() {
        forgotten = seen.length;
    }

    /** What is there after the power was gone. */
    void losePower(Dice dice) {
        if (!Arrays.equals(seen, stable)) {
            boolean grown = seen.length >= stable.length && Arrays.mismatch(seen, stable) >= stable.length;
            int kept = Math.min(grown ? stable.length : 0, seen.length);
            switch (dice.below(4)) {
                case 0 -> seen = stable;
                case 1 -> seen = Arrays.copyOf(seen, kept + dice.part(seen.length - kept));
                case 2 -> {
                    seen = seen.clone();
                    Arrays.fill(seen, kept + dice.part(seen.length - kept), seen.length, (byte) 0);
                }
                default -> seen = seen.clone();
            }
        }
        stable = seen;
        forgotten = 0;
    }

    /** False if another living process has it. */
    boolean lock(Timeline.Life life) {
        if (!lockedBy.isOver()) {
            return false;
        }
        lockedBy = life;
        return true;
    }

    void unlock(Timeline.Life life) {
        if (lockedBy == life) {
            lockedBy = Timeline.NOBODY;
        }
    }
}
