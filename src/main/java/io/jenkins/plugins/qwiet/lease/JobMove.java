package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A job, or a folder with all that is in it, has got another name or place: so the ids of its builds are others now.
 *
 * @param from the full name that it had
 * @param to the full name that it has
 */
public record JobMove(@NonNull String from, @NonNull String to) {
    /** The id that a build has now. */
    String buildId(String id) {
        boolean concerned = id.startsWith(from) && id.length() > from.length() && isEnd(id.charAt(from.length()));
        return concerned ? to + id.substring(from.length()) : id;
    }

    private static boolean isEnd(char next) {
        return next == '#' || next == '/';
    }
}
