package io.jenkins.plugins.qwiet.grant;

import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.End;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Tokens in a build's record that Qwiet never saw, for tests of what shows such records. */
public final class RecordedTokens {
    private RecordedTokens() {}

    /**
     * Adds one.
     *
     * @param revokedAt null if it is not revoked
     */
    public static void add(Run<?, ?> run, String label, Instant mintedAt, Instant revokedAt) {
        String nonce = UUID.randomUUID().toString();
        BuildTokens.ofOrNew(run)
                .add(new TokenRecord(
                        nonce,
                        "id of " + label,
                        label,
                        "organization",
                        mintedAt,
                        End.at(mintedAt.plusSeconds(3600)),
                        Duration.ofSeconds(3600),
                        "TOKEN",
                        "ORG",
                        null,
                        TokenLine.alone(nonce, mintedAt),
                        revokedAt,
                        null,
                        revokedAt == null ? "Qwiet cannot be reached" : null,
                        null,
                        TokenRecord.Use.OVER));
    }
}
