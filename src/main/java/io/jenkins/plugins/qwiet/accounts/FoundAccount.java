package io.jenkins.plugins.qwiet.accounts;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Account;

/**
 * A service account that a build may use.
 *
 * @param credential as the build was given it
 * @param bearer its token as it was read just now
 * @param account what it is called and where Jenkins looks for it later, resolved: never a parameter of the build
 * @param findable whether Jenkins itself found it there now; if not, only this process can revoke what it mints
 */
public record FoundAccount(
        @NonNull ServiceAccount credential,
        @NonNull SecretText bearer,
        @NonNull Account account,
        boolean findable) {}
