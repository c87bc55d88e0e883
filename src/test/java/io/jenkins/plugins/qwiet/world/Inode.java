package io.jenkins.plugins.qwiet.world;

import java.util.Arrays;

/** A file, whatever its names: as programs see it, and as the platter has it. */
final class Inode {
    private byte[] seen;
    private byte[] stable;
    /** Bytes before this are not written by a later sync any more. */
    private int forgotten;

    private Timeline.Life lockedBy = Timeline.NOBODY;

    /** A new, empty one. */
    Inode() {
        this(new byte[0]);
    }

    private Inode(byte[] content) {
        this.seen = content;
        this.stable = content;
    }

    /** What another one is now, and nobody's. */
    Inode copy() {
        return new Inode(seen);
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
            int kept = grown ? stable.length : 0;
            switch (dice.below(4)) {
                case 0 -> seen = stable;
                case 1 -> seen = Arrays.copyOf(seen, dice.between(Math.min(kept, seen.length), seen.length));
                case 2 -> {
                    seen = seen.clone();
                    Arrays.fill(seen, dice.between(Math.min(kept, seen.length), seen.length), seen.length, (byte) 0);
                }
                default -> seen = seen.clone();
            }
        }
        stable = seen;
        forgotten = 0;
    }

    /** False if another living process has it. */
    boolean lock(Timeline.Life life, byte[] content) {
        if (!lockedBy.isOver()) {
            return false;
        }
        lockedBy = life;
        seen = content.clone();
        return true;
    }

    void unlock(Timeline.Life life) {
        if (lockedBy == life) {
            lockedBy = Timeline.NOBODY;
        }
    }
}
