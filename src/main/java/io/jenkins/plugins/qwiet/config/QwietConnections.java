package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.PluginWrapper;
import hudson.init.Terminator;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.accounts.ServiceAccounts;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Turns the settings and a service account into a client that talks to Qwiet. Safe on any thread; looks up credentials,
 * so not for the CPS thread.
 */
@Extension
public class QwietConnections {
    private final QwietClients clients = new QwietClients(Clock.systemUTC());

    /** The one of this Jenkins. */
    @NonNull
    public static QwietConnections get() {
        return ExtensionList.lookupSingleton(QwietConnections.class);
    }

    /**
     * For a build, with the credentials that its job may use. The use of the credential is tracked.
     *
     * @param credentialsId null for the global one
     * @param orgId null for that of the credential, or else the global one
     * @throws AbortException if something is missing or wrong, with a sentence that says what and where
     */
    @NonNull
    public Connection of(@NonNull Run<?, ?> run, @CheckForNull String credentialsId, @CheckForNull String orgId)
            throws AbortException {
        QwietSettings settings = QwietConfiguration.get().settings();
        String id = credentialsId != null ? credentialsId : settings.credentialsId();
        if (id == null) {
            throw new AbortException(Messages.QwietConnections_noCredential());
        }
        QwietServiceAccount account = ServiceAccounts.of(run, id);
        String org = Stream.of(orgId, account.getOrgId(), settings.orgId())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AbortException(Messages.QwietConnections_noOrgId(id)));
        if (!Organization.isId(org)) {
            throw new AbortException(Messages.SettingRules_orgId(org));
        }
        var organization = new Organization(settings.apiAddress(), org);
        return new Connection(client(settings, organization, account.bearer()), id, settings);
    }

    /**
     * For a lease whose build may be over or gone: the service account that minted it, or else the global one if it is
     * of the same organization. Empty if there is neither. Looks with the rights of Jenkins itself, whoever asks: a lease
     * has to end whether or not its job may be seen.
     */
    @NonNull
    public Optional<QwietClient> of(@NonNull Lease lease) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return find(lease);
        }
    }

    private Optional<QwietClient> find(Lease lease) {
        QwietSettings settings = QwietConfiguration.get().settings();
        Organization organization = lease.organization();
        // The address that the lease was minted at may since have been replaced; no token is sent to the old one.
        if (!organization.address().equals(settings.apiAddress())) {
            return Optional.empty();
        }
        String job = lease.buildId().replaceFirst("#[^#]*$", "");
        return Stream.of(lease.account().credentialsId(), settings.credentialsId())
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(id -> ServiceAccounts.find(id, job).stream())
                .filter(account -> lease.account().credentialsId().equals(account.getId())
                        || organization.orgId().equals(orgOf(account, settings)))
                .findFirst()
                .map(account -> client(settings, organization, account.bearer()));
    }

    private static String orgOf(QwietServiceAccount account, QwietSettings settings) {
        return account.getOrgId() != null ? account.getOrgId() : settings.orgId();
    }

    /** For a form: any client. */
    @NonNull
    QwietClient client(
            @NonNull QwietSettings settings, @NonNull Organization organization, @NonNull SecretText bearer) {
        var connection = new ConnectionSettings(
                settings.connectTimeout(),
                settings.callTimeout(),
                JenkinsProxy.to(organization.address()),
                userAgent());
        return clients.client(connection, organization, bearer);
    }

    private static String userAgent() {
        PluginWrapper plugin = Jenkins.get().getPluginManager().whichPlugin(QwietConnections.class);
        String version = plugin == null ? "unknown" : plugin.getVersion().replaceAll("[^\\w.-].*", "");
        return "jenkins-qwiet-ci-token/" + version;
    }

    /** Lets go of threads and connections when Jenkins stops. */
    @Terminator
    public static void close() {
        var all = ExtensionList.lookup(QwietConnections.class);
        all.forEach(each -> each.clients.close());
    }
}
