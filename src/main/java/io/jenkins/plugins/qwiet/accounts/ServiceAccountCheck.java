package io.jenkins.plugins.qwiet.accounts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.qwiet.api.SecretText;

/** Says in words what a service account may do. A credential cannot ask Qwiet itself: it knows no address. */
public interface ServiceAccountCheck extends ExtensionPoint {
    /**
     * Asks Qwiet, waiting for the answer no longer than a call may take. For a request thread.
     *
     * @param orgId null for the one that is set
     * @param item in whose form; null for one of Jenkins itself
     */
    @NonNull
    FormValidation check(@NonNull SecretText token, @CheckForNull String orgId, @CheckForNull Item item);
}
