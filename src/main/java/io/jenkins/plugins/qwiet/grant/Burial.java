package io.jenkins.plugins.qwiet.grant;

import hudson.model.Run;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import java.time.Instant;
import java.util.List;

/**
 * Forgets those tokens of a line that died of their age behind another: each holds a lease until Qwiet was asked once. A
 * process that was started with one of them may still run.
 */
final class Burial {
    private final Run<?, ?> run;
    private final BuildTokens tokens;
    private final String lineId;
    private final TokenAges ages = new TokenAges(JenkinsLeases.get()::nanoTime);

    Burial(Run<?, ?> run, BuildTokens tokens, String lineId) {
        this.run = run;
        this.tokens = tokens;
        this.lineId = lineId;
        know();
    }

    /** From now on, those that there are grow older. */
    void know() {
        ages.know(tokens.line(lineId));
    }

    /** @param now by the clock of this Jenkins */
    void look(Instant now) {
        List<TokenRecord> line = tokens.line(lineId);
        int current = tokens.current(lineId).map(TokenRecord::number).orElse(0);
        ages.know(line);
        line.stream()
                .filter(token -> token.number() < current || isDeadBehindAnother(token, now))
                .filter(ages::isOver)
                .forEach(token -> bury(token, now));
    }

    private void bury(TokenRecord token, Instant now) {
        TokenRecord gone = tokens.gone(token.nonce(), now);
        Instant expired = gone == null ? null : gone.expiredAt();
        if (expired != null) {
            TokenLog.expiredBehind(BuildLog.of(run), gone, expired);
        }
        TokenRevoker.inTheBackground(run).revokeQuietly(token.nonce());
    }

    /** Of one whose end Qwiet did not name nobody knows, whatever time has passed. */
    private static boolean isDeadBehindAnother(TokenRecord token, Instant now) {
        return token.use() == Use.SUPERSEDED && token.end().at() != null && token.isDead(now);
    }
}
