package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.StorableText;
import io.jenkins.plugins.qwiet.config.Lifetime;
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

    /** Seconds; null if nothing was asked for, or nothing that can be read. */
    @CheckForNull
    final Integer validFor;

    @CheckForNull
    private final String writtenValidFor;

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
            @NonNull Lifetime validFor) {
        this.label = StorableText.ofNullable(Util.fixEmptyAndTrim(label));
        this.description = StorableText.ofNullable(Util.fixEmptyAndTrim(description));
        this.credentialsId = StorableText.ofNullable(Util.fixEmptyAndTrim(credentialsId));
        this.orgId = StorableText.ofNullable(Util.fixEmptyAndTrim(orgId));
        this.variable = StorableText.ofNullable(Util.fixEmptyAndTrim(variable));
        this.orgVariable = StorableText.ofNullable(Util.fixEmptyAndTrim(orgVariable));
        this.validFor = validFor.seconds();
        this.writtenValidFor = validFor.written();
    }

    @NonNull
    Lifetime lifetime() {
        return new Lifetime(writtenValidFor);
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
        var same = new TokenRequest(label, description, credentialsId, orgId, variable, orgVariable, lifetime());
        same.renewed = renewed;
        same.fixed = fixed;
        same.block = block;
        return same;
    }
}
