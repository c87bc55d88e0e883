package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Token;
import java.time.Instant;

/**
 * A token that breaks a rule.
 *
 * @param id by which it can be revoked
 * @param label as people wrote it, cut if long; see {@link DisplayText}
 * @param expiresAt null if it never does, or nobody knows
 * @param build the address of the build that made it; null if none did
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Finding(
        @NonNull String id,
        @NonNull String label,
        @CheckForNull Instant expiresAt,
        @CheckForNull String build) {
    public Finding {
        id = id == null ? "" : id;
        label = label == null ? "" : label;
    }

    Finding withoutBuild() {
        return new Finding(id, label, expiresAt, null);
    }

    static Finding of(Token token, @CheckForNull String build) {
        return new Finding(
                DisplayText.cut(token.id(), TokenRow.MAX_ID),
                DisplayText.cut(token.label(), TokenRow.MAX_TEXT),
                token.expiresAt(),
                build);
    }
}
