package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import java.time.Instant;

/**
 * One of the build's own tokens as its page shows it: as the audit found it, and whether it was revoked since.
 *
 * @param state as the audit found it
 * @param minted null if that is not known
 * @param expires null if that is not known
 * @param revoked null if it was not revoked
 * @param revokedSince whether it was revoked after the audit
 * @param problem why it is not revoked although the build no longer uses it; null if no reason is known
 */
public record OwnTokenView(
        @NonNull String label,
        @NonNull String id,
        @NonNull Badge state,
        @CheckForNull DisplayTime minted,
        @CheckForNull DisplayTime expires,
        @CheckForNull DisplayTime revoked,
        boolean revokedSince,
        @CheckForNull String problem) {

    /** @param record what the build itself knows of the token by now; null if it knows nothing */
    static OwnTokenView of(BuildToken token, @CheckForNull TokenRecord record) {
        Instant revokedAt = token.revokedAt();
        Instant since = revokedAt != null || record == null ? null : record.revokedAt();
        String problem = record == null ? null : record.problem();
        return new OwnTokenView(
                DisplayText.line(token.label()),
                DisplayText.line(token.id()),
                Badge.of(token.life()),
                DisplayTime.of(token.mintedAt()),
                DisplayTime.of(token.expiresAt()),
                DisplayTime.of(since == null ? revokedAt : since),
                since != null,
                problem == null ? null : DisplayText.line(problem));
    }
}
