package io.jenkins.plugins.qwiet.world;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One directory on a disk that keeps only what was synced when the power goes: of the rest any part, in any order. It fills
 * up, it fails before, in the middle of and after an operation, and what a failed sync did not write it may forget.
 */
public final class VirtualDisk {
    /** With this begins each value and each bearer, and nothing else. */
    static final String SECRET_MARK = "eyJhbGciOiJIUzI1NiJ9";

    private static final byte[] SECRET = SECRET_MARK.getBytes(StandardCharsets.US_ASCII);

    /** A file, whatever its names: as programs see it, and as the platter has it. */
    private static final class Inode {
        private byte[] seen = {};
        private byte[] stable = {};
        /** Bytes before this are not written by a later sync any more. */
        private int forgotten;

        void sync() {
            byte[] written = seen.clone();
            if (forgotten > stable.length) {
                Arrays.fill(written, stable.length, Math.min(forgotten, written.length), (byte) 0);
            }
            stable = written;
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
                        Arrays.fill(
                                seen, dice.between(Math.min(kept, seen.length), seen.length), seen.length, (byte) 0);
                    }
                    default -> seen = seen.clone();
                }
            }
            stable = seen;
            forgotten = 0;
        }
    }

    private record Renaming(String name, Inode inodeOrNull) {}

    private final World world;
    private final Dice dice;
    private Map<String, Inode> names = new TreeMap<>();
    private Map<String, Inode> stableNames = new TreeMap<>();
    private final List<Renaming> unsynced = new ArrayList<>();
    private boolean full;

    VirtualDisk(World world) {
        this.world = world;
        this.dice = world.dice();
    }

    View view(Timeline.Life life) {
        return new View(life);
    }

    void fill(boolean now) {
        full = now;
    }

    void mend() {
        full = false;
    }

    void losePower() {
        for (Renaming renaming : unsynced) {
            if (dice.chance(0.5)) {
                apply(stableNames, renaming);
            }
        }
        unsynced.clear();
        names = new TreeMap<>(stableNames);
        // A file has one name here, so none loses power twice.
        names.values().forEach(inode -> inode.losePower(dice));
        world.say("disk", () -> "after the power cut: " + names.keySet());
    }

    private void change(String name, Inode inodeOrNull) {
        var renaming = new Renaming(name, inodeOrNull);
        apply(names, renaming);
        unsynced.add(renaming);
    }

    private static void apply(Map<String, Inode> names, Renaming renaming) {
        if (renaming.inodeOrNull() == null) {
            names.remove(renaming.name());
        } else {
            names.put(renaming.name(), renaming.inodeOrNull());
        }
    }

    private interface Operation {
        void run() throws IOException;
    }

    /** The disk as one process sees it. Each operation may fail, and may be the last thing that its process does. */
    public final class View {
        private final Timeline.Life life;

        private View(Timeline.Life life) {
            this.life = life;
        }

        /** The names of files, sorted. */
        public List<String> list() throws IOException {
            may("list", () -> {}, () -> {});
            return List.copyOf(names.keySet());
        }

        public byte[] read(String name) throws IOException {
            may("read " + name, () -> {}, () -> {});
            return inode(name).seen.clone();
        }

        public boolean exists(String name) {
            return names.containsKey(name);
        }

        /** Makes a new, empty file in place of what has that name. */
        public void create(String name) throws IOException {
            space("create " + name);
            may("create " + name, () -> change(name, new Inode()), () -> {});
        }

        public void append(String name, byte[] bytes) throws IOException {
            look(name, bytes);
            Inode inode = inode(name);
            if (full) {
                add(inode, bytes, dice.between(0, bytes.length));
                space("append to " + name);
            }
            may(
                    "append to " + name,
                    () -> add(inode, bytes, bytes.length),
                    () -> add(inode, bytes, dice.between(0, bytes.length)));
        }

        public void truncate(String name, long length) throws IOException {
            Inode inode = inode(name);
            may("truncate " + name, () -> inode.seen = Arrays.copyOf(inode.seen, (int) length), () -> {});
        }

        /** The content of a file; its name is synced with its directory. */
        public void sync(String name) throws IOException {
            Inode inode = inode(name);
            may("sync " + name, inode::sync, () -> {
                if (dice.chance(0.5)) {
                    inode.forgotten = inode.seen.length;
                }
            });
        }

        public void rename(String from, String to) throws IOException {
            Inode inode = inode(from);
            may(
                    "rename " + from + " to " + to,
                    () -> {
                        change(from, null);
                        change(to, inode);
                    },
                    () -> {});
        }

        public void delete(String name) throws IOException {
            may(
                    "delete " + name,
                    () -> {
                        if (names.containsKey(name)) {
                            change(name, null);
                        }
                    },
                    () -> {});
        }

        public void syncNames() throws IOException {
            may(
                    "sync the directory",
                    () -> {
                        stableNames = new TreeMap<>(names);
                        unsynced.clear();
                    },
                    () -> {});
        }

        private Inode inode(String name) throws IOException {
            Inode inode = names.get(name);
            if (inode == null) {
                throw new NoSuchFileException(name);
            }
            return inode;
        }

        private void add(Inode inode, byte[] bytes, int length) {
            int end = inode.seen.length;
            inode.seen = Arrays.copyOf(inode.seen, end + length);
            System.arraycopy(bytes, 0, inode.seen, end, length);
        }

        private void space(String what) throws IOException {
            if (full) {
                world.say("disk", () -> what + ": no space left");
                throw new IOException("No space left on device");
            }
        }

        private void may(String what, Operation whole, Operation half) throws IOException {
            world.mayKill(life, "before: " + what);
            if (world.weather().diskFails()) {
                int how = dice.below(3);
                (how == 0 ? whole : how == 1 ? half : (Operation) () -> {}).run();
                world.say("disk", () -> what + ": failed" + (how == 0 ? " after it was done" : ""));
                throw new IOException("Input/output error");
            }
            whole.run();
            world.say("disk", () -> what);
            world.mayKill(life, "after: " + what);
        }

        private void look(String name, byte[] bytes) {
            for (int i = 0; i + SECRET.length <= bytes.length; i++) {
                if (bytes[i] == SECRET[0] && Arrays.equals(bytes, i, i + SECRET.length, SECRET, 0, SECRET.length)) {
                    world.violation("A value is written to the disk, in " + name);
                }
            }
        }
    }
}
