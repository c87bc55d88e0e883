package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.PluginWrapper;
import hudson.init.Terminator;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.accounts.FoundAccount;
import io.jenkins.plugins.qwiet.accounts.ServiceAccount;
import io.jenkins.plugins.qwiet.accounts.ServiceAccounts;
import io.jenkins.plugins.qwiet.api.CallWatcher;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.api.ServerClock;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Turns the settings and a service account into a client that talks to Qwiet. Safe on any thread; looks up credentials,
 * so not for the CPS thread.
 */
@Extension
public class QwietConnections {
    private static final Duration LONGEST_CALL = Duration.ofSeconds(SettingRules.LONGEST_TIMEOUT);

    private static final int PATIENCE_SECONDS = 5;

    private final QwietClients clients = new QwietClients(Clock.systemUTC());
    private final KeptAccounts accounts = new KeptAccounts(Clock.systemUTC());

    /** Forgets how long calls of an organization were asked to wait: what was saved may have changed that. */
    public void endWaits(@NonNull Organization organization) {
        clients.endWaits(organization);
    }

    /** From now on tells that one alone how long requests to Qwiet take, whatever settings they are made with. */
    public void watch(@NonNull CallWatcher watcher) {
        clients.watch(watcher);
    }

    /** The one of this Jenkins. */
    @NonNull
    public static QwietConnections get() {
        return ExtensionList.lookupSingleton(QwietConnections.class);
    }

    /**
     * For a build, with the credentials that its job may use. The use of the credential is tracked.
     *
     * @param credentialsId null for the one that applies to the job
     * @param orgId null for that of the credential, or else the one that applies to the job
     * @throws AbortException if something is missing or wrong, with a sentence that says what and where
     */
    @NonNull
    public Connection of(@NonNull Run<?, ?> run, @CheckForNull String credentialsId, @CheckForNull String orgId)
            throws AbortException {
        var effective = EffectiveSettings.of(run.getParent());
        QwietSettings settings = effective.valid();
        FoundAccount found = effective.account(run, credentialsId, settings);
        String org = effective.orgId(found.credential(), orgId, settings);
        var organization = new Organization(settings.apiAddress(), org);
        accounts.keep(found.account(), found.bearer());
        return new Connection(
                client(settings, organization, found.bearer()), found.account(), found.findable(), settings);
    }

    /**
     * For a lease whose build may be over or gone: with the service account that minted it, found again, or else as this
     * process keeps it; or else with the global one if it is of the same organization. What Qwiet does not let one of them
     * do, the next one tries. Empty if there is none of them. Where whoever provides credentials fails, what is kept does.
     * Looks with the rights of Jenkins itself, whoever asks: a lease has to end whether or not its job may be seen.
     *
     * @throws RuntimeException if whoever provides credentials fails, and nothing is kept
     */
    @NonNull
    public Optional<QwietClient> of(@NonNull Lease lease) {
        return of(lease.organization(), lease.account(), lease.job());
    }

    /**
     * The same for whatever an account did, or may do.
     *
     * @param job the full name of the one for which it did; empty for none
     * @throws RuntimeException if whoever provides credentials fails, and nothing is kept
     */
    @NonNull
    public Optional<QwietClient> of(@NonNull Organization organization, @NonNull Account account, @NonNull String job) {
        QwietSettings settings = settingsFor(organization).orElse(null);
        if (settings == null) {
            return Optional.empty();
        }
        List<SecretText> likely = new ArrayList<>();
        List<SecretText> unlikely = new ArrayList<>();
        List<SecretText> kept = accounts.of(account);
        RuntimeException broken = null;
        try {
            var places = ServiceAccounts.findAll(account, job).iterator();
            while (likely.isEmpty() && places.hasNext()) {
                ServiceAccount found = places.next();
                // Since it minted, it may have become one of another organization, or another one may stand in its
                // place.
                (mayBeOf(organization, found) ? likely : unlikely).add(found.bearer());
            }
            likely.addAll(kept);
            ofSameOrganization(settings, organization, account).ifPresent(likely::add);
        } catch (RuntimeException e) {
            broken = e;
            likely.addAll(kept);
        }
        Optional<QwietClient> client =
                client(settings, organization, Stream.concat(likely.stream(), unlikely.stream()));
        if (client.isEmpty() && broken != null) {
            throw broken;
        }
        return client;
    }

    /**
     * {@link #of(Lease)}, where nobody may wait for long. Whoever provides credentials may hang; then, after {@value
     * #PATIENCE_SECONDS} seconds, what is kept does.
     *
     * @param lookUps whose threads look for the account, and may be held up
     * @return completes on any thread, also on one that must not be held up at all; exceptionally if whoever provides
     *     credentials fails and nothing is kept; not before they answer if they hang and nothing is kept
     */
    @NonNull
    public CompletableFuture<Optional<QwietClient>> of(@NonNull Lease lease, @NonNull Executor lookUps) {
        CompletableFuture<Optional<QwietClient>> found = CompletableFuture.supplyAsync(() -> of(lease), lookUps);
        Optional<QwietClient> kept = kept(lease);
        return kept.isEmpty() ? found : found.completeOnTimeout(kept, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** With the service accounts that this process keeps of the lease alone; asks nobody for them. Empty if it keeps none. */
    @NonNull
    public Optional<QwietClient> kept(@NonNull Lease lease) {
        return settingsFor(lease.organization())
                .flatMap(settings -> client(settings, lease.organization(), accounts.of(lease.account()).stream()));
    }

    /**
     * Empty if Qwiet is elsewhere now: the address that a lease was minted at may since have been replaced, and no token is
     * sent to the old one. Not the valid settings: a token must not live on because a variable or a validity is wrong.
     */
    private static Optional<QwietSettings> settingsFor(Organization organization) {
        try {
            return Optional.of(QwietConfiguration.get().settings())
                    .filter(settings -> organization.address().equals(settings.apiAddress()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<QwietClient> client(
            QwietSettings settings, Organization organization, Stream<SecretText> bearers) {
        return FirstAllowed.of(bearers.filter(ServiceAccounts::isUsable)
                .distinct()
                .map(bearer -> client(settings, organization, bearer))
                .toList());
    }

    /**
     * For a successor of a lease's token: with the same service account, wherever it is now, for the same organization. What
     * else was settled when the first one was minted stays: of the settings, only where Qwiet is counts, and how long a call
     * may take; so no slip in another one ends the renewals of builds that run. Empty if the account is not found any more, or
     * Qwiet is elsewhere.
     *
     * @param run for which it is, with whose rights an account is looked for that Jenkins itself does not see
     * @param credentialsId as the step named it; null if it named none
     * @throws AbortException if whoever provides credentials fails, with a sentence that says so
     */
    @NonNull
    public Optional<Connection> again(@NonNull Run<?, ?> run, @CheckForNull String credentialsId, @NonNull Lease lease)
            throws AbortException {
        Organization organization = lease.organization();
        QwietSettings settings = settingsFor(organization).orElse(null);
        if (settings == null) {
            return Optional.empty();
        }
        return ServiceAccounts.again(
                        run, lease.account(), lease.job(), credentialsId, found -> mayBeOf(organization, found))
                .map(found -> {
                    accounts.keep(found.account(), found.bearer());
                    return new Connection(
                            client(settings, organization, found.bearer()),
                            found.account(),
                            found.findable(),
                            settings);
                });
    }

    /** The global one, unless the lease's own was looked for there already. */
    private static Optional<SecretText> ofSameOrganization(
            QwietSettings settings, Organization organization, Account account) {
        return Optional.ofNullable(settings.credentialsId())
                .map(Account::ofJenkins)
                .filter(global -> !global.equals(account))
                .flatMap(ServiceAccounts::find)
                .filter(global -> isOf(organization, orgOf(global, settings)))
                .map(ServiceAccount::bearer);
    }

    /** Ids are UUIDs, which are the same in capitals. */
    private static boolean isOf(Organization organization, @CheckForNull String orgId) {
        return orgId != null && organization.orgId().equalsIgnoreCase(orgId.trim());
    }

    /** One without an organization of its own is of that which the settings, or a step, named when it minted. */
    private static boolean mayBeOf(Organization organization, ServiceAccount account) {
        return account.orgId() == null || isOf(organization, account.orgId());
    }

    @CheckForNull
    static String orgOf(ServiceAccount account, QwietSettings settings) {
        return account.orgId() != null ? account.orgId() : settings.orgId();
    }

    /** Why {@link #of(Lease)} is empty, in words for a person. */
    @NonNull
    public String whyNone(@NonNull Lease lease) {
        return whyNone(lease.organization(), lease.account());
    }

    /** Why {@link #of(Organization, Account, String)} is. */
    @NonNull
    public String whyNone(@NonNull Organization organization, @NonNull Account account) {
        try {
            String now = QwietConfiguration.get().settings().apiAddress().base();
            String then = organization.address().base();
            return now.equals(then)
                    ? ServiceAccounts.whyNotFound(account)
                    : Messages.QwietConnections_otherAddress(then, now);
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** After an item got another name or place: accounts that are kept may be in it. */
    public void moved(@NonNull String from, @NonNull String to) {
        accounts.move(from, to);
    }

    /** Forgets the service accounts that no open lease names. */
    public void keepOnly(@NonNull Set<Account> open) {
        accounts.keepOnly(open);
    }

    /** That the clocks of Qwiet and of this Jenkins differ by more than can be borne; null if they do not, or nobody knows. */
    @CheckForNull
    public String skew() {
        try {
            return skew(clients.clockOf(QwietConfiguration.get().settings().apiAddress())
                    .skew());
        } catch (IllegalArgumentException e) {
            return null; // Nobody is asked at an address that is none.
        }
    }

    /** The same about a known difference; positive if Qwiet's clock is ahead. */
    @CheckForNull
    static String skew(@CheckForNull Duration skew) {
        if (skew == null || skew.abs().compareTo(ServerClock.BEARABLE) <= 0) {
            return null;
        }
        String minutes = String.valueOf(skew.abs().toMinutes());
        return skew.isNegative()
                ? Messages.QwietConnections_clockAhead(minutes)
                : Messages.QwietConnections_clockBehind(minutes);
    }

    /** For a form: any client. */
    @NonNull
    QwietClient client(
            @NonNull QwietSettings settings, @NonNull Organization organization, @NonNull SecretText bearer) {
        var connection = new ConnectionSettings(
                bearable(settings.connectTimeout()),
                bearable(settings.callTimeout()),
                JenkinsProxy.to(organization.address()),
                userAgent());
        return clients.client(connection, organization, bearer);
    }

    /** What somebody wrote into the file of the settings keeps no token alive. */
    private static Duration bearable(Duration timeout) {
        boolean valid = !timeout.isNegative() && !timeout.isZero() && timeout.compareTo(LONGEST_CALL) <= 0;
        return valid ? timeout : LONGEST_CALL;
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
