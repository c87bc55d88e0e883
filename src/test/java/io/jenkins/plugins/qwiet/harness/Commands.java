package io.jenkins.plugins.qwiet.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Stand-ins for programs that builds run, as scripts of {@code sh}. */
public final class Commands {
    private Commands() {}

    /** Makes one that can be run, in a directory that is there. */
    public static void put(Path directory, String name, String script) throws IOException {
        Path file = Files.writeString(directory.resolve(name), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
