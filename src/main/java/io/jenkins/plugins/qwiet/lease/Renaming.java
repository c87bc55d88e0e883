package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Gives files other names, for all that leases do. On Windows, a virus scanner or an indexer may hold a new file for a moment,
 * and then it cannot be renamed: so that is tried again, for a third of a second in all.
 */
final class Renaming {
    private static final int TRIES = 6;
    private static final long FIRST_PAUSE_MILLIS = 10;

    private Renaming() {}

    /** As {@link Disk#rename}; may block a little longer. */
    static void rename(Disk disk, Path from, Path to) throws IOException {
        rename(disk, from, to, TRIES);
    }

    /** The same, without waiting for whoever holds it. */
    static void renameAtOnce(Disk disk, Path from, Path to) throws IOException {
        rename(disk, from, to, 1);
    }

    private static void rename(Disk disk, Path from, Path to, int tries) throws IOException {
        for (int tried = 1; ; tried++) {
            try {
                disk.rename(from, to);
                return;
            } catch (FileSystemException e) {
                if (tried == tries || !mayBeHeld(e)) {
                    throw e;
                }
                disk.pause(FIRST_PAUSE_MILLIS << (tried - 1));
            }
        }
    }

    /** Windows says 5, access denied, or 32, used by another process, which has no class of its own, in its own language. */
    private static boolean mayBeHeld(FileSystemException e) {
        return e instanceof AccessDeniedException || e.getClass() == FileSystemException.class;
    }
}
