package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.io.Serial;
import java.io.Serializable;

/** What a user asked for, as typed; null where nothing was. Kept with a running Pipeline, so that it can ask again after a restart. */
public final class TokenRequest implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    @CheckForNull
    final String label;

    @CheckForNull
    final String description;

    @CheckForNull
    final String credentialsId;

    @CheckForNull
    final String orgId;

    @CheckForNull
    final String variable;

    @CheckForNull
    final String orgVariable;

    @CheckForNull
    final Integer validFor;

    /** Blank is the same as null. */
    public TokenRequest(
            @CheckForNull String label,
            @CheckForNull String description,
            @CheckForNull String credentialsId,
            @CheckForNull String orgId,
            @CheckForNull String variable,
            @CheckForNull String orgVariable,
            @CheckForNull Integer validFor) {
        this.label = Util.fixEmptyAndTrim(label);
        this.description = Util.fixEmptyAndTrim(description);
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
        this.orgId = Util.fixEmptyAndTrim(orgId);
        this.variable = Util.fixEmptyAndTrim(variable);
        this.orgVariable = Util.fixEmptyAndTrim(orgVariable);
        this.validFor = validFor;
    }
}
