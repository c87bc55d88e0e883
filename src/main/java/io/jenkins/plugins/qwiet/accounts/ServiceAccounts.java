package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Fingerprint;
import hudson.model.Item;
import hudson.model.ParametersAction;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Account;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
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
                run.getParent(),
                kind -> CredentialsProvider.findCredentialById(id, kind, run),
                Messages.ServiceAccounts_notFound(DisplayText.quotable(id)));
    }

    /**
     * The same for one that a folder of the job names, or that the global settings name: as it is seen from that folder, or
     * else from the job. No parameter and no credential of a user's own takes its place, nor one of that id further down.
     *
     * @param folder that names it; null if the global settings do
     */
    @NonNull
    public static FoundAccount ofSettings(@NonNull Run<?, ?> run, @NonNull String id, @CheckForNull Item folder)
            throws AbortException {
        Item place = folder == null ? run.getParent() : folder;
        String quoted = DisplayText.quotable(id);
        return of(
                run,
                id,
                place,
                kind -> seenFrom(place, run, id, kind),
                folder == null
                        ? Messages.ServiceAccounts_notFound(quoted)
                        : Messages.ServiceAccounts_notFoundInFolder(quoted, folder.getFullName()));
    }

    /** With the rights of Jenkins itself, which nobody's own credentials are seen with, if the job may use what these show. */
    @CheckForNull
    private static <C extends StandardCredentials> C seenFrom(Item place, Run<?, ?> run, String id, Class<C> kind) {
        Authentication user =
                run.getParent() instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        if (!user.equals(ACL.SYSTEM2) && !run.hasPermission2(user, CredentialsProvider.USE_ITEM)) {
            return null;
        }
        C found = CredentialsProvider.findCredentialByIdInItem(id, kind, place, ACL.SYSTEM2, List.of());
        return found == null ? null : kind.cast(found.forRun(run));
    }

    /** The id that is meant: of a credentials parameter that is named, as {@code ${NAME}} or its bare name, what it holds. */
    @NonNull
    public static String idOf(@NonNull Run<?, ?> run, @NonNull String named) {
        return run.getActions(ParametersAction.class).stream()
                .flatMap(action -> action.getParameters().stream())
                .filter(CredentialsParameterValue.class::isInstance)
                .filter(each -> named.equals(each.getName()) || named.equals("${" + each.getName() + "}"))
                .map(each -> Util.fixNull(((CredentialsParameterValue) each).getValue()))
                .findFirst()
                .orElse(named);
    }

    /**
     * For a build that has a token of it, and wants another: wherever it is now, whoever asks; or else, as Jenkins itself
     * does not see all that builds do, with the rights of the build. The use of the credential is recorded.
     *
     * @param account with which the token was minted
     * @param job for which it was, by its full name
     * @param named by the step; null if settings named it
     * @param isLikely what the account is to be, if there is such a one
     * @return empty if it is not there any more
     * @throws AbortException if whoever provides it fails, with a sentence that says so
     */
    @NonNull
    public static Optional<FoundAccount> again(
            @NonNull Run<?, ?> run,
            @NonNull Account account,
            @NonNull String job,
            @CheckForNull String named,
            @NonNull Predicate<ServiceAccount> isLikely)
            throws AbortException {
        String id = account.credentialsId();
        try {
            FoundAccount unlikely = null;
            var places = findAll(account, job).iterator();
            while (places.hasNext()) {
                ServiceAccount credential = places.next();
                var found = new FoundAccount(credential, credential.bearer(), account, true);
                if (isUsable(found.bearer())) {
                    if (isLikely.test(credential)) {
                        return used(run, found);
                    }
                    unlikely = unlikely == null ? found : unlikely;
                }
            }
            if (unlikely != null) {
                return used(run, unlikely);
            }
        } catch (RuntimeException e) {
            throw new AbortException(whyBroken(id, e));
        }
        try {
            return Optional.of(named == null ? ofSettings(run, id, null) : of(run, named))
                    .filter(found -> found.account().credentialsId().equals(id));
        } catch (AbortException e) {
            LOGGER.log(Level.FINE, e, () -> "The service account of a build is not seen by it any more: " + id);
            return Optional.empty();
        }
    }

    private static Optional<FoundAccount> used(Run<?, ?> run, FoundAccount found) {
        track(run, found.credential().credential());
        return Optional.of(found);
    }

    private static FoundAccount of(
            Run<?, ?> run,
            String id,
            Item place,
            Function<Class<? extends StandardCredentials>, StandardCredentials> lookUp,
            String notFound)
            throws AbortException {
        try {
            ServiceAccount account = ServiceAccount.find(place, lookUp).orElseThrow(() -> new AbortException(notFound));
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
        String quoted = DisplayText.quotable(id);
        LOGGER.log(Level.WARNING, thrown, () -> "Could not look up the service account " + quoted);
        return thrown instanceof UnreadableAccount
                ? thrown.getMessage()
                : Messages.ServiceAccounts_brokenLookUp(quoted, UnreadableAccount.kindOf(thrown));
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
