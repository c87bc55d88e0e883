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

    private record Renaming(String name, Inode inodeOrNull) {}

    private final Installation home;
    private final World world;
    private final Dice dice;
    private Map<String, Inode> names = new TreeMap<>();
    private final Map<String, Inode> stableNames = new TreeMap<>();
    private final List<Renaming> unsynced = new ArrayList<>();
    private boolean full;
    private int failures;

    VirtualDisk(Installation home) {
        this.home = home;
        this.world = home.world();
        this.dice = world.dice();
    }

    /** A copy of another as programs see that now. */
    VirtualDisk(Installation home, VirtualDisk other) {
        this(home);
        other.names.forEach((name, inode) -> names.put(name, inode.copy()));
        stableNames.putAll(names);
    }

    /** How many operations failed until now. */
    int failures() {
        return failures;
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
            return inode(path).seen().clone();
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
            return inode(path).lock(life, content);
        }

        public void unlock(String path) {
            Inode inode = names.get(path);
            if (inode != null) {
                inode.unlock(life);
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
                failures++;
                world.say("disk", () -> what + ": no space left");
                throw new IOException("No space left on device");
            }
        }

        private void may(String what, Operation whole, Operation half) throws IOException {
            home.mayKill(life, "before: " + what);
            if (world.weather().diskFails()) {
                failures++;
                int how = dice.below(3);
                (how == 0 ? whole : how == 1 ? half : (Operation) () -> {}).run();
                world.say("disk", () -> what + ": failed" + (how == 0 ? " after it was done" : ""));
                throw new IOException("Input/output error");
            }
            whole.run();
            world.say("disk", () -> what);
            home.mayKill(life, "after: " + what);
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
                inode.append(bytes, view.dice().between(0, bytes.length));
                view.space("append to " + path);
            }
            view.may(
                    "append to " + path,
                    () -> inode.append(bytes, bytes.length),
                    () -> inode.append(bytes, view.dice().between(0, bytes.length)));
        }

        /** The content of the file; its name is synced with its directory. */
        public void sync() throws IOException {
            view.may("sync " + path, inode::sync, () -> {
                if (view.dice().chance(0.5)) {
                    inode.forget();
                }
            });
        }
    }
}
