package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.accounts.FoundAccount;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.lease.Account;

/**
 * What a build needs in order to talk to Qwiet.
 *
 * @param client for the organization and the service account that apply
 * @param account that service account, as it is found again
 * @param accountIsFindable whether Jenkins itself found it there; see {@link FoundAccount}
 * @param settings those that apply to the job at this moment; for a successor, the global ones, whether or not they are valid
 */
public record Connection(
        @NonNull QwietClient client,
        @NonNull Account account,
        boolean accountIsFindable,
        @NonNull QwietSettings settings) {}
