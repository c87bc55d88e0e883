package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/**
 * A CI token to be made.
 *
 * @param label how people will find it in Qwiet's list
 * @param description why it exists; may be empty
 * @param validFor how long Qwiet lets it live, whole seconds
 */
public record NewToken(
        @NonNull String label,
        @NonNull String description,
        @NonNull Duration validFor) {
    /** The managed role "CI Token", the only one a service account may give (Qwiet's API reference, {@code CreateToken}). */
    public static final String CI_TOKEN_ROLE = "66ad5168-41be-4b6c-9ac5-a30b02229c35";

    /** The type of a CI token, as opposed to {@code integration}. */
    public static final String ACCESS = "access";
}
