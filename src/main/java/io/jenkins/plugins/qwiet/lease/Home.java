package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;

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
    static final Home UNKNOWN = new Home("", "", "");

    /** This one, and where something is not known of it, what was known before. */
    Home or(Home before) {
        return new Home(path, known(machine, before.machine), known(instance, before.instance));
    }

    static String known(String now, String before) {
        return now.isEmpty() ? before : now;
    }
}
