package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * Where leases are kept, as far as a copy of that place differs from it. An empty text is what nobody knows, and differs
 * from nothing.
 *
 * @param path of the home directory, without symbolic links
 * @param machine what stays when the process is started again, and is another elsewhere; for people too. Words, of which the
 *     last may not be known
 * @param instance a fingerprint of what this installation shows others to be known by
 */
public record Home(
        @NonNull String path,
        @NonNull String machine,
        @NonNull String instance) {
    static final Home UNKNOWN = new Home("", "", "");

    /** This one, and where something is not known of it, what was known before. */
    Home or(Home before) {
        String more = machine.length() < before.machine.length() ? before.machine : machine;
        return new Home(path, differ(machine, before.machine) ? machine : more, known(instance, before.instance));
    }

    /** Whether two texts, of which the end may not be known, are of two places. */
    static boolean differ(String one, String other) {
        return !(one + " ").startsWith(other + " ")
                && !(other + " ").startsWith(one + " ")
                && !one.isEmpty()
                && !other.isEmpty();
    }

    static String known(String now, String before) {
        return now.isEmpty() ? before : now;
    }
}
