package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An organization at a Qwiet API: what a service account's token is good for, and what calls are counted against.
 *
 * @param address where its API is
 * @param orgId its UUID, in lower case
 */
public record Organization(
        @NonNull ApiAddress address, @NonNull String orgId) {
    private static final Texts TEXTS = Texts.of(Organization.class);
    private static final Pattern UUID =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    /** @throws IllegalArgumentException if the id is no UUID: in the path of a call it might name something else */
    public Organization {
        if (!isId(orgId)) {
            throw new IllegalArgumentException(TEXTS.get("Organization.noId", "0d1c2b3a-0000-4000-8000-000000000001"));
        }
        orgId = orgId.toLowerCase(Locale.ROOT);
    }

    /** Whether a text has the form of an organization id: a UUID, as Qwiet's API reference says of {@code orgID}. */
    public static boolean isId(@NonNull String text) {
        return UUID.matcher(text).matches();
    }
}
