package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.regex.Pattern;

/**
 * An organization at a Qwiet API: what a service account's token is good for, and what calls are counted against.
 *
 * @param address where its API is
 * @param orgId its UUID
 */
public record Organization(
        @NonNull ApiAddress address, @NonNull String orgId) {
    private static final Pattern UUID =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    /** Whether a text has the form of an organization id: a UUID, as Qwiet's API reference says of {@code orgID}. */
    public static boolean isId(@NonNull String text) {
        return UUID.matcher(text).matches();
    }
}
