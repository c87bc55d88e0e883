package io.jenkins.plugins.qwiet.config;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.PluginWrapper;
import hudson.init.Terminator;
import hudson.model.Fingerprint;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** Turns settings, credential and build into a client. Safe on any thread; looks up credentials, so not on the CPS thread. */
@Extension
public class QwietConnections {
    private static final Logger LOGGER = Logger.getLogger(QwietConnections.class.getName());

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
        QwietServiceAccount account = CredentialsProvider.findCredentialById(id, QwietServiceAccount.class, run);
        if (account == null) {
            throw new AbortException(Messages.QwietConnections_credentialNotFound(id));
        }
        if (account.getToken().getPlainText().isBlank()) {
            throw new AbortException(Messages.QwietConnections_noToken(id));
        }
        track(run, account);
        String org = Stream.of(orgId, account.getOrgId(), settings.orgId())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AbortException(Messages.QwietConnections_noOrgId(id)));
        if (!Organization.isId(org)) {
            throw new AbortException(Messages.SettingRules_orgId(org));
        }
        return new Connection(client(settings, new Organization(settings.apiAddress(), org), account), id, settings);
    }

    /**
     * For a lease whose build may be over or gone: the service account that minted it, or else the global one if it is
     * of the same organization. Empty if there is neither. Looks with the eyes of Jenkins itself, whoever asks: a lease
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
        return Stream.of(lease.credentialsId(), settings.credentialsId())
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(id -> find(id, job).stream())
                .filter(account -> organization.orgId().equals(orgOf(account, settings))
                        || lease.credentialsId().equals(account.getId()))
                .findFirst()
                .map(account -> client(settings, organization, account));
    }

    /** For a form: a service account of this Jenkins by its id. */
    @NonNull
    Optional<QwietServiceAccount> find(@NonNull String id, @NonNull String jobFullName) {
        return in(nearest(jobFullName)).stream()
                .filter(CredentialsMatchers.withId(id)::matches)
                .findFirst();
    }

    /** For a form: any client. */
    @NonNull
    QwietClient client(
            @NonNull QwietSettings settings,
            @NonNull ApiAddress address,
            @NonNull String orgId,
            @NonNull SecretText bearer) {
        return clients.client(connectionSettings(settings, address), new Organization(address, orgId), bearer);
    }

    /** Jenkins would write a build's use of a credential to disk anew for each token. */
    private static void track(Run<?, ?> run, QwietServiceAccount account) {
        if (isTracked(run, account)) {
            CredentialsUseListener.fireUse(account, run);
        } else {
            CredentialsProvider.track(run, account);
        }
    }

    private static boolean isTracked(Run<?, ?> run, QwietServiceAccount account) {
        try {
            Fingerprint uses = CredentialsProvider.getFingerprintOf(account);
            return uses != null
                    && uses.getRangeSet(run.getParent().getFullName()).includes(run.getNumber());
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Where a credential was used cannot be read");
            return false;
        }
    }

    private QwietClient client(QwietSettings settings, Organization organization, QwietServiceAccount account) {
        var bearer = SecretText.of(account.getToken().getPlainText().trim());
        return clients.client(connectionSettings(settings, organization.address()), organization, bearer);
    }

    private static String orgOf(QwietServiceAccount account, QwietSettings settings) {
        return account.getOrgId() != null ? account.getOrgId() : settings.orgId();
    }

    private static List<QwietServiceAccount> in(Object context) {
        return context instanceof Item item
                ? CredentialsProvider.lookupCredentialsInItem(QwietServiceAccount.class, item, ACL.SYSTEM2, List.of())
                : CredentialsProvider.lookupCredentialsInItemGroup(
                        QwietServiceAccount.class, (ItemGroup<?>) context, ACL.SYSTEM2, List.of());
    }

    /** The job, or the nearest folder above it that still exists, or Jenkins itself. */
    private static Object nearest(String fullName) {
        String name = fullName;
        while (!name.isEmpty()) {
            Item item = Jenkins.get().getItemByFullName(name);
            if (item != null) {
                return item;
            }
            int slash = name.lastIndexOf('/');
            name = slash < 0 ? "" : name.substring(0, slash);
        }
        return Jenkins.get();
    }

    private static ConnectionSettings connectionSettings(QwietSettings settings, ApiAddress address) {
        return new ConnectionSettings(
                settings.connectTimeout(), settings.callTimeout(), JenkinsProxy.to(address), userAgent());
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
