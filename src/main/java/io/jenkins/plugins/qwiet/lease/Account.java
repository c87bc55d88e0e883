package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Texts;

/**
 * The service account that mints a token and revokes it: what it is called, and where it is looked for. Not what a user
 * typed, which may be a parameter of the build, but what that stood for.
 *
 * @param credentialsId of the credential
 * @param item the full name of the folder, or else the job, that it is looked for in; empty for Jenkins itself
 * @param user the id of the user with whose rights it is looked for; null for those of Jenkins
 */
public record Account(
        @NonNull String credentialsId,
        @NonNull String item,
        @CheckForNull String user) {
    private static final Texts TEXTS = Texts.of(Account.class);

    /** One that all of Jenkins may use. */
    @NonNull
    public static Account ofJenkins(@NonNull String credentialsId) {
        return new Account(credentialsId, "", null);
    }

    /** After an item got another name or place; the same account if that item is neither its own nor above it. */
    @NonNull
    public Account moved(@NonNull String from, @NonNull String to) {
        boolean concerned = item.equals(from) || item.startsWith(from + "/");
        return concerned ? new Account(credentialsId, to + item.substring(from.length()), user) : this;
    }

    /** For people: the id of the credential, and where it is if that is not Jenkins itself. */
    @Override
    public String toString() {
        if (user == null) {
            return item.isEmpty() ? credentialsId : TEXTS.get("Account.inItem", credentialsId, item);
        }
        return item.isEmpty()
                ? TEXTS.get("Account.ofUser", credentialsId, user)
                : TEXTS.get("Account.inItemOfUser", credentialsId, item, user);
    }
}
