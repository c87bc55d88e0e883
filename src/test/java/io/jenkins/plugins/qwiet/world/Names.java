package io.jenkins.plugins.qwiet.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What leads to files and directories: as programs see it, and as the platter has it. A name is a path with slashes; the
 * directory of all, which is always there, is empty.
 */
final class Names {
    private record Renaming(String name, Inode inodeOrNull) {}

    private Map<String, Inode> seen = new TreeMap<>();
    private final Map<String, Inode> stable = new TreeMap<>();
    private final List<Renaming> unsynced = new ArrayList<>();

    Names() {}

    /** Those of another as programs see them, all on the platter. */
    Names(Names other, UnaryOperator<Inode> copy) {
        other.seen.forEach((name, inode) -> seen.put(name, copy.apply(inode)));
        stable.putAll(seen);
    }

    static String directoryOf(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** Null if nothing has that name. */
    Inode of(String name) {
        return seen.get(name);
    }

    boolean isDirectory(String name) {
        return name.isEmpty() || seen.containsKey(name) && seen.get(name).isDirectory();
    }

    /** All, sorted. */
    Set<String> all() {
        return seen.keySet();
    }

    /** The names right in a directory, sorted. */
    List<String> in(String directory) {
        return seen.keySet().stream()
                .filter(path -> directoryOf(path).equals(directory))
                .toList();
    }

    /** A name leads elsewhere, or nowhere. */
    void change(String name, Inode inodeOrNull) {
        var renaming = new Renaming(name, inodeOrNull);
        apply(seen, renaming);
        unsynced.add(renaming);
    }

    private static void apply(Map<String, Inode> names, Renaming renaming) {
        if (renaming.inodeOrNull() == null) {
            names.remove(renaming.name());
        } else {
            names.put(renaming.name(), renaming.inodeOrNull());
        }
    }

    void sync(String directory) {
        for (Iterator<Renaming> each = unsynced.iterator(); each.hasNext(); ) {
            Renaming renaming = each.next();
            if (directoryOf(renaming.name()).equals(directory)) {
                apply(stable, renaming);
                each.remove();
            }
        }
    }

    /** Whether a power cut would leave all as they are. */
    boolean areSynced() {
        return unsynced.isEmpty();
    }

    /** Time passes until all is on the platter. */
    void settle() {
        unsynced.clear();
        stable.clear();
        stable.putAll(seen);
    }

    /** Of the changes that were not synced, any may be on the platter; and what is in a directory that is not there is gone. */
    void losePower(Dice dice) {
        for (Renaming renaming : unsynced) {
            if (dice.chance(0.5)) {
                apply(stable, renaming);
            }
        }
        unsynced.clear();
        // Sorted: each directory comes before what is in it.
        Set<String> there = new HashSet<>(Set.of(""));
        stable.keySet().removeIf(name -> !there.contains(directoryOf(name)) || !there.add(name));
        seen = new TreeMap<>(stable);
        // A file has one name here, so none loses power twice.
        seen.values().forEach(inode -> inode.losePower(dice));
    }
}
