package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import java.time.Instant;
import java.util.List;

/**
 * One of the build's own tokens as its page shows it: as the audit found it, and whether it was revoked since.
 *
 * @param state as the audit found it
 * @param minted null if that is not known
 * @param expires null if that is not known
 * @param revoked null if it was not revoked
 * @param revokedSince whether it was revoked after the audit
 * @param expired when it died of its age while the build held it; null if it did not
 * @param problem what else there is to say, such as why it is not revoked although the build no longer uses it; null if
 *     there is nothing
 */
public record OwnTokenView(
        @NonNull String label,
        @NonNull String id,
        @NonNull Badge state,
        @CheckForNull DisplayTime minted,
        @CheckForNull DisplayTime expires,
        @CheckForNull DisplayTime revoked,
        boolean revokedSince,
        @CheckForNull DisplayTime expired,
        @CheckForNull String problem) {
    private static final int HEX_DIGITS = 16;

    /** @param records what the build itself knows of its tokens by now */
    static OwnTokenView of(BuildToken token, List<TokenRecord> records) {
        TokenRecord record = records.stream()
                .filter(each -> each.id().equals(token.id()))
                .reduce((older, newer) -> newer)
                .orElse(null);
        Instant revokedAt = token.revokedAt();
        Instant since = revokedAt != null || record == null ? null : record.revokedAt();
        Instant expiredAt = token.expiredAt() != null || record == null ? token.expiredAt() : record.expiredAt();
        String problem = record == null ? null : record.problem();
        if (record == null && isReplaced(token, records)) {
            problem = Messages.OwnTokenView_replaced();
        }
        String label = DisplayText.line(token.label());
        return new OwnTokenView(
                token.number() == 1 ? label : Messages.OwnTokenView_inLine(label, String.valueOf(token.number())),
                DisplayText.line(token.id()),
                Badge.of(token.life()),
                DisplayTime.of(token.mintedAt()),
                DisplayTime.of(token.expiresAt()),
                DisplayTime.of(since == null ? revokedAt : since),
                since != null,
                DisplayTime.of(expiredAt),
                problem == null ? null : DisplayText.line(problem));
    }

    /** Names a token's line, as a nonce would: but who knows a nonce could give a token out for one of the build's. */
    static String lineOf(TokenRecord record) {
        return Util.getDigestOf(record.lineId()).substring(0, HEX_DIGITS);
    }

    /** A build forgets one that is gone once another of its line took its place. */
    private static boolean isReplaced(BuildToken token, List<TokenRecord> records) {
        return token.life() != BuildToken.Life.REVOKED
                && token.life() != BuildToken.Life.EXPIRED
                && records.stream()
                        .anyMatch(each -> lineOf(each).equals(token.line()) && each.number() > token.number());
    }
}
