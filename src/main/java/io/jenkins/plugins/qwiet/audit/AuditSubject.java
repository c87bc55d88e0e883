package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import java.util.List;

/**
 * What is audited, by which build.
 *
 * @param organization whose tokens
 * @param query which of them
 * @param build its display name, such as {@code app » main #12}
 * @param buildUrl its absolute address, as it is written into the descriptions of its tokens; empty if Jenkins does
 *     not know its own
 * @param own the tokens that the build's record knows
 */
public record AuditSubject(
        @NonNull Organization organization,
        @NonNull ListQuery query,
        @NonNull String build,
        @NonNull String buildUrl,
        @NonNull List<BuildToken> own) {
    public AuditSubject {
        own = List.copyOf(own);
    }
}
