package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Optional;

/**
 * Where leases are kept, as far as a copy of that place differs from it. An empty text is what nobody knows, and differs
 * from nothing.
 *
 * @param path of the home directory, without symbolic links
 * @param machine what stays when the process is started again, and is another elsewhere; for people too
 * @param instance a fingerprint of what this installation shows others to be known by
 */
public record Home(
        @NonNull String path,
        @NonNull String machine,
        @NonNull String instance) {
    /** What is different in the other one, for a person; empty if nothing is. */
    Optional<String> differenceTo(Home before) {
        if (differ(path, before.path)) {
            return Optional.of("they were written at " + before.path + ", and this is " + path);
        } else if (differ(machine, before.machine)) {
            return Optional.of("they were written on \"" + before.machine + "\", and this is \"" + machine + "\"");
        } else if (differ(instance, before.instance)) {
            return Optional.of("they were written by a Jenkins with another instance identity");
        }
        return Optional.empty();
    }

    private static boolean differ(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
    }
}
