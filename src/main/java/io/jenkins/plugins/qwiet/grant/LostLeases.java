package io.jenkins.plugins.qwiet.grant;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Makes the leases of a build's tokens again of which there is none any more, so that their tokens are given back: the
 * folder of leases was restored from an older backup, or deleted, and the build was not. In a copy of a home they rest, as
 * all that were made by the original.
 */
final class LostLeases {
    private static final Logger LOGGER = Logger.getLogger(LostLeases.class.getName());
    /** After the end that Qwiet named, by whichever clock, a token is no matter. What was asked for is no end. */
    private static final Duration OVER = Duration.ofDays(1);

    private LostLeases() {}

    /** Does so soon, when a build was read from disk; waits for nothing. */
    static void findLater(Run<?, ?> run, BuildTokens tokens) {
        var leases = JenkinsLeases.get();
        Instant now = leases.clock().instant();
        if (tokens.getTokens().stream().anyMatch(token -> isOpen(token, now))) {
            leases.threads().execute(() -> {
                try {
                    find(run, leases.leasing().store(), now);
                } catch (AbortException e) {
                    // Once more when the build ends.
                    LOGGER.log(Level.FINE, e, () -> "Not looked for: leases of " + run);
                }
            });
        }
    }

    /** Does so now; what the disk does not take is known nevertheless. */
    static void find(Run<?, ?> run, LeaseStore store, Instant now) {
        BuildTokens.of(run)
                .ifPresent(tokens -> tokens.getTokens().stream()
                        .filter(token -> isOpen(token, now))
                        .forEach(token -> find(run, token, store)));
    }

    private static boolean isOpen(TokenRecord token, Instant now) {
        return token.needsLease()
                && token.mayBeLive()
                // Or it may be over, though its record does not say so yet.
                && !TokenRevoker.isUnderWay(token.nonce())
                && (token.expiresAt() == null || !token.isDead(now.minus(OVER)));
    }

    private static void find(Run<?, ?> run, TokenRecord token, LeaseStore store) {
        LeaseOrigin origin = token.origin();
        try {
            if (origin != null && store.others().isUnknown(token.nonce())) {
                LOGGER.log(
                        Level.WARNING,
                        "There was no lease any more of CI token {0} of {1}; there is one again.",
                        new Object[] {token.id(), run});
                store.others()
                        .readmit(lease(run, token, origin), origin.owner())
                        .exceptionally(problem -> {
                            LOGGER.log(Level.WARNING, problem, () -> "Not on disk yet: a lease of " + run);
                            return null;
                        });
            }
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, e, () -> "Not to be read: the record of a token in " + run);
        }
    }

    private static Lease lease(Run<?, ?> run, TokenRecord token, LeaseOrigin origin) {
        String root = Jenkins.get().getRootUrl();
        var identity = new Lease.Identity(
                token.nonce(),
                token.label(),
                new Organization(ApiAddress.parse(origin.apiAddress()), token.orgId()),
                origin.account(),
                run.getExternalizableId(),
                root == null ? "" : root + run.getUrl(),
                token.mintedAt());
        return new Lease(identity, token.end(), token.id(), null, null);
    }
}
