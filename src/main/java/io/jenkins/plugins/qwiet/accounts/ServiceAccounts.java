package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Fingerprint;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Account;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * How a service account is found: when a token is minted, when it is revoked, and in a form. Looks up credentials, which
 * may block: not for the CPS thread.
 */
public final class ServiceAccounts {
    private static final Logger LOGGER = Logger.getLogger(ServiceAccounts.class.getName());

    private ServiceAccounts() {}

    /**
     * For a build, with the rights of its job and of the calling thread. The use of the credential is recorded.
     *
     * @param id as a user typed it: of a credential, or a parameter of the build that names one, as {@code ${NAME}}
     * @throws AbortException if there is none that the job may use, it holds no token, or whoever provides it fails; with
     *     a sentence that says so
     */
    @NonNull
    public static FoundAccount of(@NonNull Run<?, ?> run, @NonNull String id) throws AbortException {
        return of(
                run,
                id,
                kind -> CredentialsProvider.findCredentialById(id, kind, run),
                Messages.ServiceAccounts_notFound(id));
    }

    /**
     * The same for one that a folder of the job names: as it is seen from there, and with the same rights, so that none of
     * that id further down takes its place.
     *
     * @param folder that names it
     */
    @NonNull
    public static FoundAccount of(@NonNull Run<?, ?> run, @NonNull String id, @NonNull Item folder)
            throws AbortException {
        return of(
                run,
                id,
                kind -> seenFrom(folder, run, id, kind),
                Messages.ServiceAccounts_notFoundInFolder(id, folder.getFullName()));
    }

    /** As {@link CredentialsProvider#findCredentialById} looks from the job. */
    @CheckForNull
    private static <C extends StandardCredentials> C seenFrom(Item folder, Run<?, ?> run, String id, Class<C> kind) {
        Authentication user =
                run.getParent() instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        C found = CredentialsProvider.findCredentialByIdInItem(id, kind, folder, user, List.of());
        if (found == null && !user.equals(ACL.SYSTEM2) && run.hasPermission2(user, CredentialsProvider.USE_ITEM)) {
            found = CredentialsProvider.findCredentialByIdInItem(id, kind, folder, ACL.SYSTEM2, List.of());
        }
        return found == null ? null : kind.cast(found.forRun(run));
    }

    private static FoundAccount of(
            Run<?, ?> run,
            String id,
            Function<Class<? extends StandardCredentials>, StandardCredentials> lookUp,
            String notFound)
            throws AbortException {
        try {
            ServiceAccount account = ServiceAccount.find(lookUp).orElseThrow(() -> new AbortException(notFound));
            SecretText bearer = account.bearer();
            String problem = problem(account, bearer);
            if (problem != null) {
                throw new AbortException(problem);
            }
            track(run, account.credential());
            return AccountPlace.of(run, account, bearer, Jenkins.getAuthentication2());
        } catch (RuntimeException e) {
            throw new AbortException(whyBroken(id, e));
        }
    }

    /** What to say of a look-up that threw, as a sentence for a person; the rest is said in Jenkins' own log. */
    @NonNull
    public static String whyBroken(@NonNull String id, @NonNull RuntimeException thrown) {
        LOGGER.log(Level.WARNING, thrown, () -> "Could not look up the service account " + id);
        return thrown instanceof UnreadableAccount
                ? thrown.getMessage()
                : Messages.ServiceAccounts_brokenLookUp(id, UnreadableAccount.kindOf(thrown));
    }

    /**
     * Those that may be the one that a lease names, the likeliest first, whoever asks, and whether or not its job is still
     * there: a credential may have been moved, or another one stand in its place. Each is looked up when it is read.
     *
     * @param job the full name of the one for which it minted a token
     */
    @NonNull
    public static Stream<ServiceAccount> findAll(@NonNull Account account, @NonNull String job) {
        return AccountPlace.findAll(account, job);
    }

    /** One by its place, whoever asks. */
    @NonNull
    public static Optional<ServiceAccount> find(@NonNull Account account) {
        return AccountPlace.find(account);
    }

    /** Why {@link #find} finds nothing, in words for a person: it is not there any more, or it cannot be seen. */
    @NonNull
    public static String whyNotFound(@NonNull Account account) {
        return AccountPlace.whyNotFound(account);
    }

    /**
     * Why an account cannot be used, as a sentence for a person; null if nothing is wrong.
     *
     * @param bearer its token as it was read
     */
    @CheckForNull
    public static String problem(@NonNull ServiceAccount account, @NonNull SecretText bearer) {
        if (bearer.isBlank()) {
            return account.isSecretText()
                    ? Messages.ServiceAccounts_noText(account.id())
                    : Messages.ServiceAccounts_noToken(account.id());
        }
        String service = OtherServices.of(bearer.reveal());
        return service == null ? null : Messages.ServiceAccounts_otherService(account.id(), service);
    }

    /** Whether a token may be sent to Qwiet: there is one, and it is not known as that of another service. */
    public static boolean isUsable(@NonNull SecretText bearer) {
        return !bearer.isBlank() && OtherServices.of(bearer.reveal()) == null;
    }

    /** What is wrong with an account's own organization, naming the credential; null if nothing. Quotes nothing typed. */
    @CheckForNull
    public static String orgIdProblem(@NonNull ServiceAccount account) {
        return orgIdProblem(account.id(), account.orgId());
    }

    @CheckForNull
    static String orgIdProblem(@NonNull String id, @CheckForNull String orgId) {
        return orgId == null || Organization.isId(orgId) ? null : Messages.ServiceAccounts_orgId(id);
    }

    /** Credentials would write a build's use to disk anew for each token. */
    private static void track(Run<?, ?> run, StandardCredentials account) {
        if (isTracked(run, account)) {
            CredentialsUseListener.fireUse(account, run);
        } else {
            CredentialsProvider.track(run, account);
        }
    }

    private static boolean isTracked(Run<?, ?> run, StandardCredentials account) {
        try {
            Fingerprint uses = CredentialsProvider.getFingerprintOf(account);
            return uses != null
                    && uses.getRangeSet(run.getParent().getFullName()).includes(run.getNumber());
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Where a credential was used cannot be read");
            return false;
        }
    }
}
