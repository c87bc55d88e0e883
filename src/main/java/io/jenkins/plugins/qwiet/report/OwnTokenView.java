package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import java.time.Instant;

/** One of the build's own tokens as its page shows it: as the audit found it, and whether it was revoked since. */
public final class OwnTokenView {
    private final BuildToken token;

    @CheckForNull
    private final TokenRecord record;

    OwnTokenView(@NonNull BuildToken token, @CheckForNull TokenRecord record) {
        this.token = token;
        this.record = record;
    }

    @NonNull
    public String getLabel() {
        return DisplayText.line(token.label());
    }

    @NonNull
    public String getId() {
        return DisplayText.line(token.id());
    }

    /** As the audit found it. */
    @NonNull
    public Badge getState() {
        return Badge.of(token.life());
    }

    /** Whether it was revoked after the audit. */
    public boolean isRevokedSince() {
        return token.revokedAt() == null && recordedRevocation() != null;
    }

    @CheckForNull
    public DisplayTime getMinted() {
        return DisplayTime.of(token.mintedAt());
    }

    @CheckForNull
    public DisplayTime getExpires() {
        return DisplayTime.of(token.expiresAt());
    }

    @CheckForNull
    public DisplayTime getRevoked() {
        Instant revokedAt = token.revokedAt();
        return DisplayTime.of(revokedAt == null ? recordedRevocation() : revokedAt);
    }

    /** Why it is not revoked though its use is over; null if nothing is known to be wrong. */
    @CheckForNull
    public String getProblem() {
        String problem = record == null ? null : record.getProblem();
        return problem == null ? null : DisplayText.line(problem);
    }

    @CheckForNull
    private Instant recordedRevocation() {
        return record == null ? null : record.getRevokedAt();
    }
}
