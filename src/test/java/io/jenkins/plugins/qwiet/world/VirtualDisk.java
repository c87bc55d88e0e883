package io.jenkins.plugins.qwiet.world;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A disk that keeps only what was synced when the power goes: of the rest any part, in any order. It fills up, it fails
 * before, in the middle of and after an operation, and what a failed sync did not write it may forget. Where no file system
 * would know better, a number of a file that is gone is given to the next.
 */
public final class VirtualDisk {
    private static final long NUMBERS_OF_A_DISK = 1_000_000;

    private final Installation home;
    private final World world;
    private final Dice dice;
    private final Names names;
    private final List<Inode> nameless = new ArrayList<>();
    private long number;
    private int mounts;
    private boolean full;
    private int failures;

    VirtualDisk(Installation home) {
        this.home = home;
        this.world = home.world();
        this.dice = world.dice();
        this.names = new Names();
    }

    /** A copy of another as programs see that now; no directory of it is known by what it was. */
    VirtualDisk(Installation home, VirtualDisk other) {
        this.home = home;
        this.world = home.world();
        this.dice = world.dice();
        this.number = other.number + NUMBERS_OF_A_DISK;
        this.names = new Names(other.names, inode -> inode.copy(++number));
    }

    /** How many operations failed until now. */
    int failures() {
        return failures;
    }

    View view(Timeline.Life life) {
        return new View(life);
    }

    /** As people see it, and their tools. */
    Names names() {
        return names;
    }

    /** A file that a person puts there. */
    void put(String name, byte[] content) {
        unlink(name);
        names.change(name, Inode.file(nextNumber(), content));
    }

    /** A directory that a person makes, if it is missing. */
    void makeDirectory(String name) {
        if (!names.isDirectory(name)) {
            names.change(name, Inode.directory(nextNumber()));
        }
    }

    /** A person deletes something. */
    void unlink(String name) {
        Inode inode = names.of(name);
        if (inode != null) {
            names.change(name, null);
            nameless.add(inode);
        }
    }

    /** It is mounted anew, which gives directories other numbers in some worlds. */
    void mount() {
        mounts++;
    }

    void fill(boolean now) {
        full = now;
    }

    void mend() {
        full = false;
    }

    boolean isFull() {
        return full;
    }

    void losePower() {
        names.losePower(dice);
        world.say("disk", () -> "after the power cut: " + names.all());
    }

    private long nextNumber() {
        if (dice.chance(0.5)) {
            for (Inode inode : nameless) {
                if (!inode.isOpen()) {
                    nameless.remove(inode);
                    return inode.number();
                }
            }
        }
        return ++number;
    }

    /** What is done to the disk, or a part of it. */
    interface Operation {
        void run() throws IOException;
    }

    /** The disk as one process sees it. Each operation may fail, and may be the last thing that its process does. */
    public final class View {
        private final Timeline.Life life;

        private View(Timeline.Life life) {
            this.life = life;
        }

        Timeline.Life life() {
            return life;
        }

        /** Makes one directory, if it is missing. */
        public void createDirectory(String path) throws IOException {
            if (!names.isDirectory(path)) {
                space("mkdir " + path);
                may("mkdir " + path, () -> link(path, Inode.directory(nextNumber())), () -> {});
            }
        }

        /** The paths of the files right in a directory, sorted. */
        public List<String> list(String directory) throws IOException {
            may("list", () -> {}, () -> {});
            if (!names.isDirectory(directory)) {
                throw new NoSuchFileException(directory);
            }
            return names.in(directory);
        }

        public byte[] read(String path) throws IOException {
            may("read " + path, () -> {}, () -> {});
            return inode(path).seen().clone();
        }

        /** What a file is known by, and its size; null if it is not there. */
        public long[] stamp(String path) throws IOException {
            may("stat " + path, () -> {}, () -> {});
            Inode inode = names.of(path);
            return inode == null ? null : new long[] {inode.number(), inode.seen().length};
        }

        /** What a directory is known by. */
        public String identity(String directory) throws IOException {
            may("stat " + directory, () -> {}, () -> {});
            return inode(directory).number() + (world.weather().mountsRenumber() ? " of mount " + mounts : "");
        }

        /** Makes a new, empty file. */
        public VirtualFile create(String path) throws IOException {
            if (names.of(path) != null) {
                throw new FileAlreadyExistsException(path);
            }
            space("create " + path);
            look(path, path.getBytes(StandardCharsets.UTF_8));
            var inode = Inode.file(nextNumber(), new byte[0]);
            may("create " + path, () -> link(path, inode), () -> {});
            return new VirtualFile(this, path, inode);
        }

        /** What unlocks it again; null if a living process has it. Made if it is missing. */
        public Runnable lock(String path) throws IOException {
            if (names.of(path) == null) {
                create(path).close();
            }
            Inode inode = inode(path);
            if (world.weather().locksHold() && !inode.lock(life)) {
                return null;
            }
            // A file that is open keeps its number.
            inode.open(life);
            return () -> {
                inode.unlock(life);
                inode.close(life);
            };
        }

        /** Writes a file in place, as far as it goes. */
        public void write(String path, byte[] content) throws IOException {
            if (names.of(path) == null) {
                create(path).close();
            }
            Inode inode = inode(path);
            space("write " + path);
            may(
                    "write " + path,
                    () -> inode.overwrite(content),
                    () -> inode.overwrite(Arrays.copyOf(content, dice.part(content.length))));
        }

        public void rename(String from, String to) throws IOException {
            Inode inode = inode(from);
            look(to, to.getBytes(StandardCharsets.UTF_8));
            scan(from);
            may(
                    "rename " + from + " to " + to,
                    () -> {
                        inode(from);
                        checkDirectoryOf(to);
                        names.change(from, null);
                        unlink(to);
                        names.change(to, inode);
                    },
                    () -> {});
        }

        public void delete(String name) throws IOException {
            scan(name);
            may("delete " + name, () -> unlink(name), () -> {});
        }

        public void syncNames(String directory) throws IOException {
            may("sync " + directory, () -> names.sync(directory), () -> {});
            if (!names.isDirectory(directory)) {
                throw new NoSuchFileException(directory);
            }
        }

        private Inode inode(String name) throws IOException {
            Inode inode = names.of(name);
            if (inode == null) {
                throw new NoSuchFileException(name);
            }
            return inode;
        }

        private void link(String path, Inode inode) throws IOException {
            checkDirectoryOf(path);
            names.change(path, inode);
        }

        private void checkDirectoryOf(String path) throws IOException {
            if (!names.isDirectory(Names.directoryOf(path))) {
                throw new NoSuchFileException(path);
            }
        }

        Dice dice() {
            return dice;
        }

        boolean isFull() {
            return full;
        }

        /** A virus scanner may just be reading the file, as on Windows. */
        private void scan(String name) throws IOException {
            if (names.of(name) != null && world.weather().isScanned()) {
                failures++;
                world.say("disk", () -> name + " is used by another process");
                throw new AccessDeniedException(name);
            }
        }

        void look(String path, byte[] bytes) {
            if (Secrets.isIn(bytes)) {
                world.violation("A value is written to the disk, in " + path);
            }
        }

        void space(String what) throws IOException {
            if (full) {
                failures++;
                world.say("disk", () -> what + ": no space left");
                throw new IOException("No space left on device");
            }
        }

        void may(String what, Operation whole, Operation half) throws IOException {
            home.mayKill(life, "before: " + what);
            home.tampering().now(life);
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
}
