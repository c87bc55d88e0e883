package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Fingerprint;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.security.ACL;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

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
     * @throws AbortException if there is none that the job may use, or it holds no token; with a sentence that says so
     */
    @NonNull
    public static QwietServiceAccount of(@NonNull Run<?, ?> run, @NonNull String id) throws AbortException {
        QwietServiceAccount account = CredentialsProvider.findCredentialById(id, QwietServiceAccount.class, run);
        if (account == null) {
            throw new AbortException(Messages.ServiceAccounts_notFound(id));
        }
        String problem = problem(account);
        if (problem != null) {
            throw new AbortException(problem);
        }
        track(run, account);
        return account;
    }

    /**
     * For a job, with the rights of Jenkins itself, whether or not the job is still there: in the job, or else in the
     * nearest folder above it that still exists.
     *
     * @param jobFullName empty for Jenkins itself
     */
    @NonNull
    public static Optional<QwietServiceAccount> find(@NonNull String id, @NonNull String jobFullName) {
        return in(nearest(jobFullName)).stream()
                .filter(CredentialsMatchers.withId(id)::matches)
                .findFirst();
    }

    /** Why an account cannot be used, as a sentence for a person; null if nothing is wrong. */
    @CheckForNull
    public static String problem(@NonNull QwietServiceAccount account) {
        return account.bearer().isBlank() ? Messages.ServiceAccounts_noToken(account.getId()) : null;
    }

    /** Credentials would write a build's use to disk anew for each token. */
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
}
