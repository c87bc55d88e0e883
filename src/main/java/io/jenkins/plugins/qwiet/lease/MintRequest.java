package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/**
 * A token that a build wants.
 *
 * @param label how people will find it in Qwiet's list
 * @param description the user's text; may be empty. The build's address and a marker are added to it
 * @param validFor how long Qwiet lets it live, whole seconds
 * @param account that mints it
 * @param buildId what Jenkins knows the build by ({@code Run.getExternalizableId()})
 * @param buildUrl for people, and for the token's description; may be empty if Jenkins does not know its own address
 */
public record MintRequest(
        @NonNull String label,
        @NonNull String description,
        @NonNull Duration validFor,
        @NonNull Account account,
        @NonNull String buildId,
        @NonNull String buildUrl) {}
