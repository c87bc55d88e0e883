package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.Revocation;
import io.jenkins.plugins.qwiet.lease.Revocation.NotAllowed;
import io.jenkins.plugins.qwiet.lease.Revocation.NotListed;
import io.jenkins.plugins.qwiet.lease.Revocation.Revoked;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * What a build is told of the end of its tokens: in its record, and in its log. May write to disk.
 *
 * @param run whose tokens they are
 * @param log where it says what happened
 */
record ToldBuild(@NonNull Run<?, ?> run, @NonNull TaskListener log) {
    /** What came of an attempt to revoke one. */
    void revoked(Lease lease, Revocation revocation) {
        if (revocation instanceof Revoked revoked) {
            gone(lease, revoked.wasThere());
        } else if (revocation instanceof NotListed) {
            change(lease, record -> record.notRevoked(Messages.TokenRevoker_notListed()));
            TokenLog.notListed(log, lease);
        } else if (revocation instanceof NotAllowed notAllowed) {
            change(lease, record -> record.notRevoked(notAllowed.message()));
            TokenLog.mayNotRevoke(log, lease, notAllowed.message());
        } else if (revocation instanceof Revocation.Failed failed && !isToBeResumed()) {
            change(lease, record -> record.notRevoked(failed.reason()));
            TokenLog.notRevoked(log, lease, failed.reason());
        }
    }

    /** Its log may be closed by now; what the end of Jenkins broke is asked again when it goes on. */
    private boolean isToBeResumed() {
        return run instanceof FlowExecutionOwner.Executable && run.isBuilding() && Shutdown.hasBegun();
    }

    /** Nobody revokes it, as the settings want it. */
    void leftToExpire(Lease lease) {
        change(lease, record -> record.withoutLease().in(TokenRecord.Use.OVER));
        TokenLog.leftToExpire(log, lease);
    }

    private void gone(Lease lease, boolean wasThere) {
        BuildTokens tokens = BuildTokens.of(run).orElse(null);
        TokenRecord before = find(tokens, lease.nonce());
        // Of those of a line, only the last one is worth a line.
        TokenRecord gone = tokens == null
                ? null
                : tokens.gone(lease.nonce(), JenkinsLeases.get().clock().instant());
        Instant expired = gone == null ? null : gone.expiredAt();
        if (expired != null && before != null && before.use() == TokenRecord.Use.SUPERSEDED) {
            TokenLog.expiredBehind(log, gone, expired);
        } else if (gone != null && (wasThere || expired != null)) {
            TokenLog.over(log, gone);
        } else if (gone != null || before == null) {
            if (wasThere) {
                TokenLog.revoked(log, lease);
            } else {
                TokenLog.gone(log, lease);
            }
        }
    }

    @CheckForNull
    private static TokenRecord find(@CheckForNull BuildTokens tokens, String nonce) {
        return tokens == null
                ? null
                : tokens.getTokens().stream()
                        .filter(token -> token.nonce().equals(nonce))
                        .findFirst()
                        .orElse(null);
    }

    private void change(Lease lease, UnaryOperator<TokenRecord> change) {
        BuildTokens.of(run).ifPresent(tokens -> tokens.change(lease.nonce(), change));
    }
}
