package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.Path;

/** The few things a {@link LeaseStore} changes on disk: the seam at which tests let disks fill up and machines stop. */
interface FileOperations {
    /** Writes a file that nobody else can read, anew, and returns when its content is on the disk. */
    void write(Path file, byte[] content) throws IOException;

    /** Gives a file another name at one stroke, in place of what had that name. */
    void rename(Path from, Path to) throws IOException;

    /** Returns when the names in a directory are on the disk. */
    void sync(Path directory) throws IOException;

    /** Deletes a file, if it is there. */
    void delete(Path file) throws IOException;
}
