package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The folder for files with something in them that nobody understood, but that a person may. Written by one thread at a time. */
final class SetAside {
    private static final Logger LOGGER = Logger.getLogger(SetAside.class.getName());

    private final Disk disk;
    private final Path place;
    private volatile List<Path> files = List.of();

    SetAside(Disk disk, Path place) {
        this.disk = disk;
        this.place = place;
    }

    /** What was there when that was last looked at. May be called on any thread. */
    List<Path> files() {
        return files;
    }

    /** Looks what is there: a person may have deleted some. What cannot be looked at now may be as it was. */
    void list() {
        try {
            files = disk.list(place).stream().sorted(Comparator.naturalOrder()).toList();
        } catch (NoSuchFileException e) {
            files = List.of();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Not looked at: " + place);
        }
    }

    /**
     * Moves a file there.
     *
     * @param patiently whether to wait a moment for whoever holds it
     * @return whether it is there now
     */
    boolean take(Path file, boolean patiently) {
        try {
            disk.createDirectories(place);
            List<String> taken = disk.list(place).stream().map(SetAside::name).toList();
            Path to = place.resolve(name(file));
            for (int n = 2; taken.contains(name(to)); n++) {
                to = place.resolve(name(file) + "." + n);
            }
            if (patiently) {
                Renaming.rename(disk, file, to);
            } else {
                Renaming.renameAtOnce(disk, file, to);
            }
            LOGGER.log(Level.WARNING, "Moved {0} to {1}", new Object[] {file, to});
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Could not move " + file + " to " + place);
            return false;
        }
        list();
        return true;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Says what of a file that was read is no record. */
    static void tell(Path file, List<JournalText.Bad> all) {
        for (JournalText.Bad bad : all) {
            LOGGER.log(
                    Level.WARNING,
                    "No lease in {0}, line {1} ({2} bytes): {3}. All other lines count. The file will be kept in the folder"
                            + " set-aside. If it was a lease, its token is left to expire, unless an earlier line names it.",
                    new Object[] {file, bad.line(), bad.bytes(), bad.why()});
        }
    }
}
