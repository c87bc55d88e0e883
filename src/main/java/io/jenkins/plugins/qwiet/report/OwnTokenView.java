package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.audit.Harmless;
import io.jenkins.plugins.qwiet.build.TokenRecord;
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
        return Harmless.line(token.label());
    }

    @NonNull
    public String getId() {
        return Harmless.line(token.id());
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
    public Moment getMinted() {
        return Moment.of(token.mintedAt());
    }

    @CheckForNull
    public Moment getExpires() {
        return Moment.of(token.expiresAt());
    }

    @CheckForNull
    public Moment getRevoked() {
        Instant revokedAt = token.revokedAt();
        return Moment.of(revokedAt == null ? recordedRevocation() : revokedAt);
    }

    /** Why it is not revoked though its use is over; null if nothing is known to be wrong. */
    @CheckForNull
    public String getProblem() {
        String problem = record == null ? null : record.getProblem();
        return problem == null ? null : Harmless.line(problem);
    }

    @CheckForNull
    private Instant recordedRevocation() {
        return record == null ? null : record.getRevokedAt();
    }
}
