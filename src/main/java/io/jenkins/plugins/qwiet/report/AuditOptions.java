package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.audit.Rules;

/**
 * What a user wants of an audit.
 *
 * @param credentialsId null for the global one
 * @param orgId null for that of the credential, or else the global one
 * @param revoke whether the build's tokens are revoked first
 * @param includeExpired whether tokens that are over are listed too
 * @param rules what is asked of the list
 */
record AuditOptions(
        @CheckForNull String credentialsId,
        @CheckForNull String orgId,
        boolean revoke,
        boolean includeExpired,
        @NonNull Rules rules) {}
