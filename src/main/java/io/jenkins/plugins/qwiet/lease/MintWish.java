package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Organization;
import java.time.Duration;

/**
 * Somebody who wants a token.
 *
 * @param line whose token it is to be, the same each time
 * @param organization where it will be asked for, as far as that is known; null if it is not
 * @param account with which; null if it is not known
 * @param left until the token that is held dies; negative if it is dead
 */
public record MintWish(
        @NonNull String line,
        @CheckForNull Organization organization,
        @CheckForNull Account account,
        @NonNull Duration left) {}
