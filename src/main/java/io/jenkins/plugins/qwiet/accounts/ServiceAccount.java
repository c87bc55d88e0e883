package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * A service account as Jenkins holds it: a credential of this plugin's own kind, or a secret text, which many plugins serve
 * from stores of theirs. Nothing but the credential is kept, so that a value which is rotated in its store counts at the next
 * call.
 */
public final class ServiceAccount {
    /** Whatever may be one; the first counts where a job sees two of one id. */
    static final List<Class<? extends StandardCredentials>> KINDS =
            List.of(QwietServiceAccount.class, StringCredentials.class);

    private final StandardCredentials credential;

    private ServiceAccount(@NonNull StandardCredentials credential) {
        this.credential = credential;
    }

    /**
     * The one that is found.
     *
     * @param lookUp of one kind; null if there is none
     */
    @NonNull
    static Optional<ServiceAccount> find(
            @NonNull Function<Class<? extends StandardCredentials>, StandardCredentials> lookUp) {
        return KINDS.stream().map(lookUp).filter(Objects::nonNull).findFirst().map(ServiceAccount::new);
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
        } catch (RuntimeException e) {
            throw new UnreadableAccount(Messages.ServiceAccount_unreadable(id(), UnreadableAccount.kindOf(e)), e);
        }
    }

    @NonNull
    StandardCredentials credential() {
        return credential;
    }
}
