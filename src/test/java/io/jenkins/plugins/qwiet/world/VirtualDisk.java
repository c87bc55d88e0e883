package io.jenkins.plugins.qwiet.world;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk that keeps only what was synced when the power goes: of the rest any part, in any order. It fills up, it fails
 * before, in the middle of and after an operation, and what a failed sync did not write it may forget. A file is named by
 * its path, with slashes; directories need not be made.
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

        private Timeline.Life lockedBy = Timeline.NOBODY;

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
    private final Map<String, Inode> stableNames = new TreeMap<>();
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

    private void keepNames(String directory) {
        for (Iterator<Renaming> each = unsynced.iterator(); each.hasNext(); ) {
            Renaming renaming = each.next();
            if (directoryOf(renaming.name()).equals(directory)) {
                apply(stableNames, renaming);
                each.remove();
            }
        }
    }

    private static String directoryOf(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
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

        /** The paths of the files right in a directory, sorted. */
        public List<String> list(String directory) throws IOException {
            may("list", () -> {}, () -> {});
            return names.keySet().stream()
                    .filter(path -> directoryOf(path).equals(directory))
                    .toList();
        }

        public byte[] read(String path) throws IOException {
            may("read " + path, () -> {}, () -> {});
            return inode(path).seen.clone();
        }

        /** Makes a new, empty file. */
        public Handle create(String path) throws IOException {
            if (names.containsKey(path)) {
                throw new FileAlreadyExistsException(path);
            }
            space("create " + path);
            var inode = new Inode();
            may("create " + path, () -> change(path, inode), () -> {});
            return new Handle(this, path, inode);
        }

        /** False if another living process has it. Made if it is missing. */
        public boolean lock(String path, byte[] content) throws IOException {
            if (!names.containsKey(path)) {
                create(path);
            }
            Inode inode = inode(path);
            if (!inode.lockedBy.isOver()) {
                return false;
            }
            inode.lockedBy = life;
            inode.seen = content.clone();
            return true;
        }

        public void unlock(String path) {
            Inode inode = names.get(path);
            if (inode != null && inode.lockedBy == life) {
                inode.lockedBy = Timeline.NOBODY;
            }
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

        public void syncNames(String directory) throws IOException {
            may("sync " + directory, () -> keepNames(directory), () -> {});
        }

        private Inode inode(String name) throws IOException {
            Inode inode = names.get(name);
            if (inode == null) {
                throw new NoSuchFileException(name);
            }
            return inode;
        }

        private Dice dice() {
            return dice;
        }

        private boolean isFull() {
            return full;
        }

        private void look(String path, byte[] bytes) {
            for (int i = 0; i + SECRET.length <= bytes.length; i++) {
                if (bytes[i] == SECRET[0] && Arrays.equals(bytes, i, i + SECRET.length, SECRET, 0, SECRET.length)) {
                    world.violation("A value is written to the disk, in " + path);
                }
            }
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
    }

    /** A file that was opened when it was made, whatever its name is now. */
    public static final class Handle {
        private final View view;
        private final String path;
        private final Inode inode;

        private Handle(View view, String path, Inode inode) {
            this.view = view;
            this.path = path;
            this.inode = inode;
        }

        public void append(byte[] bytes) throws IOException {
            view.look(path, bytes);
            if (view.isFull()) {
                add(bytes, view.dice().between(0, bytes.length));
                view.space("append to " + path);
            }
            view.may(
                    "append to " + path,
                    () -> add(bytes, bytes.length),
                    () -> add(bytes, view.dice().between(0, bytes.length)));
        }

        /** The content of the file; its name is synced with its directory. */
        public void sync() throws IOException {
            view.may("sync " + path, inode::sync, () -> {
                if (view.dice().chance(0.5)) {
                    inode.forgotten = inode.seen.length;
                }
            });
        }

        private void add(byte[] bytes, int length) {
            int end = inode.seen.length;
            inode.seen = Arrays.copyOf(inode.seen, end + length);
            System.arraycopy(bytes, 0, inode.seen, end, length);
        }
    }
}
