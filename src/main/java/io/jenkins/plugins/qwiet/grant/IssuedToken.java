package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import java.io.Serial;
import java.io.Serializable;

/**
 * A token that a build was given, with the variables that hold it. Its value is a {@link Secret}, so that Jenkins encrypts
 * it where it persists it.
 */
public final class IssuedToken implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** Names its lease. */
    @NonNull
    public final String nonce;

    @NonNull
    public final String id;

    @NonNull
    public final Secret value;

    @NonNull
    public final String variable;

    @NonNull
    public final String orgVariable;

    @NonNull
    public final String orgId;

    IssuedToken(
            @NonNull String nonce,
            @NonNull String id,
            @NonNull Secret value,
            @NonNull String variable,
            @NonNull String orgVariable,
            @NonNull String orgId) {
        this.nonce = nonce;
        this.id = id;
        this.value = value;
        this.variable = variable;
        this.orgVariable = orgVariable;
        this.orgId = orgId;
    }

    @Override
    public String toString() {
        return "CI token " + id;
    }
}
