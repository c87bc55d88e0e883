package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.StorableText;
import java.io.Serial;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

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

    /** What was typed where a number of seconds is expected; null if that was one, or nothing. */
    @CheckForNull
    private String typedValidFor;

    /** Whether a token that is held gets a successor before it dies. */
    private boolean renewed = true;

    /** Whether who asks takes the value once and for all. */
    private boolean fixed;

    /** The node of the Pipeline that asks; 0 if none does. */
    private long block;

    /** Blank is the same as null. */
    public TokenRequest(
            @CheckForNull String label,
            @CheckForNull String description,
            @CheckForNull String credentialsId,
            @CheckForNull String orgId,
            @CheckForNull String variable,
            @CheckForNull String orgVariable,
            @CheckForNull Integer validFor) {
        this.label = StorableText.ofNullable(Util.fixEmptyAndTrim(label));
        this.description = StorableText.ofNullable(Util.fixEmptyAndTrim(description));
        this.credentialsId = StorableText.ofNullable(Util.fixEmptyAndTrim(credentialsId));
        this.orgId = StorableText.ofNullable(Util.fixEmptyAndTrim(orgId));
        this.variable = StorableText.ofNullable(Util.fixEmptyAndTrim(variable));
        this.orgVariable = StorableText.ofNullable(Util.fixEmptyAndTrim(orgVariable));
        this.validFor = validFor;
    }

    /** The same, with a validity that is no number, which makes the request invalid; null for none such. */
    @NonNull
    public TokenRequest typedValidFor(@CheckForNull String typed) {
        var same = copy();
        same.typedValidFor = typed;
        return same;
    }

    @CheckForNull
    String typedValidFor() {
        return typedValidFor;
    }

    /** The same, but for a token that dies of its age if it is held so long. */
    @NonNull
    public TokenRequest renewed(boolean wanted) {
        var same = copy();
        same.renewed = wanted;
        return same;
    }

    /** The same, for one who could not be given another value later on. */
    @NonNull
    public TokenRequest fixed() {
        var same = copy();
        same.fixed = true;
        return same;
    }

    /** The same, for a block that begins with a node of a Pipeline. */
    @NonNull
    public TokenRequest in(@CheckForNull FlowNode node) {
        var same = copy();
        same.block = node == null ? 0 : OpenBlocks.number(node);
        return same;
    }

    long block() {
        return block;
    }

    boolean isRenewed() {
        return renewed;
    }

    boolean isFixed() {
        return fixed;
    }

    private TokenRequest copy() {
        var same = new TokenRequest(label, description, credentialsId, orgId, variable, orgVariable, validFor);
        same.typedValidFor = typedValidFor;
        same.renewed = renewed;
        same.fixed = fixed;
        same.block = block;
        return same;
    }
}
