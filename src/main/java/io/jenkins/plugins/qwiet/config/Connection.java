package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.QwietClient;

/**
 * What a build needs in order to talk to Qwiet.
 *
 * @param client for the organization and the service account that apply
 * @param credentialsId of that service account
 * @param settings the global ones at this moment
 */
public record Connection(
        @NonNull QwietClient client,
        @NonNull String credentialsId,
        @NonNull QwietSettings settings) {}
