package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.accounts.ServiceAccount;
import io.jenkins.plugins.qwiet.accounts.ServiceAccounts;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.Account;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The organization that builds use where no step and no folder names another.
 *
 * @param organization at the API URL of the settings
 * @param account that the settings name
 */
public record GlobalOrganization(
        @NonNull Organization organization, @NonNull Account account) {
    private static final Logger LOGGER = Logger.getLogger(GlobalOrganization.class.getName());

    /** Empty if the settings, or the service account that they name, do not tell. Looks a credential up. */
    @NonNull
    public static Optional<GlobalOrganization> find() {
        try {
            QwietSettings settings = QwietConfiguration.get().settings();
            String id = settings.credentialsId();
            if (id == null) {
                return Optional.empty();
            }
            Account account = Account.ofJenkins(id);
            return Optional.ofNullable(orgId(account, settings))
                    .map(String::trim)
                    .filter(Organization::isId)
                    .map(orgId -> new GlobalOrganization(new Organization(settings.apiAddress(), orgId), account));
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.FINE, e, () -> "The global settings name no organization");
            return Optional.empty();
        }
    }

    @CheckForNull
    private static String orgId(Account account, QwietSettings settings) {
        try {
            ServiceAccount found = ServiceAccounts.find(account).orElse(null);
            return found == null ? settings.orgId() : QwietConnections.orgOf(found, settings);
        } catch (RuntimeException e) {
            // Whoever provides it fails.
            LOGGER.log(Level.FINE, e, () -> "Could not look up the global service account");
            return settings.orgId();
        }
    }
}
