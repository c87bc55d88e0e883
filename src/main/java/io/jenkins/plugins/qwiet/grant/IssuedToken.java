package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import java.io.Serial;
import java.io.Serializable;
import java.util.Map;

/** A token that a build was given, with the variables that hold it. Its value is a {@link Secret}, so that Jenkins encrypts it where it persists it. */
final class IssuedToken implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** Names its lease. */
    @NonNull
    final String nonce;

    @NonNull
    final String id;

    @NonNull
    final Secret value;

    @NonNull
    final String variable;

    @NonNull
    final String orgVariable;

    @NonNull
    final String orgId;

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

    /** What is not secret. */
    Map<String, String> publicVariables() {
        return Map.of(orgVariable, orgId);
    }

    @Override
    public String toString() {
        return "CI token " + id;
    }
}
