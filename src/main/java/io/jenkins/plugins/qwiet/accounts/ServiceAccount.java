package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ModelObject;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * A service account as Jenkins holds it: a credential of this plugin's own kind, or a secret text, which many plugins serve
 * from stores of theirs. Nothing but the credential is kept, so that a value which is rotated in its store counts at the next
 * call.
 */
public final class ServiceAccount {
    private final StandardCredentials credential;

    private ServiceAccount(@NonNull StandardCredentials credential) {
        this.credential = credential;
    }

    /**
     * The one that is found: our own kind, unless a folder nearer than it has a secret text of the same id. No store but
     * that of Jenkins is asked for secret texts where it need not be, since it may be slow.
     *
     * @param place an item, or Jenkins, from where it is looked for
     * @param lookUp of one kind; null if there is none
     */
    @NonNull
    static Optional<ServiceAccount> find(
            @NonNull ModelObject place,
            @NonNull Function<Class<? extends StandardCredentials>, StandardCredentials> lookUp) {
        return BrokenProvider.ask(() -> {
            StandardCredentials own = lookUp.apply(QwietServiceAccount.class);
            StandardCredentials text =
                    own == null || hasNearerText(place, own.getId()) ? lookUp.apply(StringCredentials.class) : null;
            return Optional.ofNullable(text == null ? own : text).map(ServiceAccount::new);
        });
    }

    /** Whether the nearest folder that has a credential of this id, seen from a place, has it as a secret text alone. */
    static boolean hasNearerText(@NonNull ModelObject place, @NonNull String id) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            for (CredentialsStore store : CredentialsProvider.lookupStores(place)) {
                if (!(store.getContext() instanceof Item)) {
                    return false;
                }
                List<Credentials> there = store.getDomains().stream()
                        .flatMap(domain -> store.getCredentials(domain).stream())
                        .filter(CredentialsMatchers.withId(id)::matches)
                        .toList();
                if (there.stream().anyMatch(QwietServiceAccount.class::isInstance)) {
                    return false;
                } else if (there.stream().anyMatch(StringCredentials.class::isInstance)) {
                    return true;
                }
            }
            return false;
        }
    }

    @NonNull
    public String id() {
        return credential.getId();
    }

    @CheckForNull
    public CredentialsScope scope() {
        return credential.getScope();
    }

    /** Whether it is a secret text, which cannot have an organization of its own. */
    public boolean isSecretText() {
        return !(credential instanceof QwietServiceAccount);
    }

    /** The organization it belongs to, overriding the global one; null for the global one. */
    @CheckForNull
    public String orgId() {
        return credential instanceof QwietServiceAccount own ? own.getOrgId() : null;
    }

    /**
     * What calls to Qwiet are made with: the token as it is now, without the blanks and line ends around it. May be empty.
     * May ask a store far away, so not for the CPS thread.
     *
     * @throws RuntimeException if whoever provides it fails; see {@link ServiceAccounts#whyBroken}
     */
    @NonNull
    public SecretText bearer() {
        if (credential instanceof QwietServiceAccount own) {
            return own.bearer();
        }
        try {
            return SecretText.of(Secret.toString(((StringCredentials) credential).getSecret())
                    .trim());
        } catch (RuntimeException | Error e) {
            throw new UnreadableAccount(Messages.ServiceAccount_unreadable(id(), UnreadableAccount.kindOf(e)), e);
        }
    }

    @NonNull
    StandardCredentials credential() {
        return credential;
    }
}
