package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import java.time.Duration;

/**
 * The global settings at one moment, or those that apply to a job; all of them valid.
 *
 * @param apiAddress where Qwiet is
 * @param orgId the organization; null if none is set
 * @param credentialsId the service account where a step names none; null if none is set
 * @param validity how long a token lives where a step says nothing
 * @param variable the variable that holds a token
 * @param orgVariable the variable that holds the organization's id
 * @param apiHostVariable the variable that holds the host of Qwiet; empty for none
 * @param connectTimeout for a connection to Qwiet
 * @param callTimeout for a whole call
 * @param revokeAtEnd whether tokens are revoked when their use is over, rather than left to expire
 * @param onlyFindableAccounts whether a service account is refused that Jenkins itself could not find again
 */
public record QwietSettings(
        @NonNull ApiAddress apiAddress,
        @CheckForNull String orgId,
        @CheckForNull String credentialsId,
        @NonNull Duration validity,
        @NonNull String variable,
        @NonNull String orgVariable,
        @NonNull String apiHostVariable,
        @NonNull Duration connectTimeout,
        @NonNull Duration callTimeout,
        boolean revokeAtEnd,
        boolean onlyFindableAccounts) {}
