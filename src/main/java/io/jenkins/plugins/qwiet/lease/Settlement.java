package io.jenkins.plugins.qwiet.lease;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Books what came of one lease: counts it, decides when it is tried again, tells its build. Safe on any thread. */
final class Settlement {
    private static final Logger LOGGER = Logger.getLogger(Settlement.class.getName());

    private final JanitorParts parts;
    private final SweepCounter counter;
    private final Looks looks;

    Settlement(JanitorParts parts, SweepCounter counter) {
        this.parts = parts;
        this.counter = counter;
        this.looks = parts.leasing().parts().looks();
    }

    void settle(Revocation revocation, Lease lease) {
        String nonce = lease.nonce();
        if (revocation instanceof Revocation.Failed failed) {
            counter.failed.incrementAndGet();
            parts.tokens().failed(nonce, Backoff.LONGEST, failed.retryAfter());
        } else if (revocation instanceof Revocation.NotAllowed) {
            counter.waiting.incrementAndGet();
            parts.tokens().failed(nonce, Backoff.SLOWEST, null);
        } else if (revocation instanceof Revocation.Revoked revoked) {
            parts.tokens().succeeded(nonce);
            (revoked.wasThere() ? counter.revoked : counter.gone).incrementAndGet();
            tell(lease, revoked);
        } else {
            parts.tokens().succeeded(nonce);
            counter.waiting.incrementAndGet();
        }
    }

    /** Qwiet's answer left open whether its token is there, or forbids to ask that and it may have expired. */
    boolean listDecides(OrganizationSweep.Visit visit) {
        Lease lease = parts.leasing().store().find(visit.nonce()).orElse(null);
        return lease != null
                && lease.tokenId() != null
                && (looks.doubtOf(visit.nonce()) != null
                        || (lease.unrevocable()
                                && lease.expiresAt() != null
                                && visit.client().clock().now().isAfter(lease.expiresAt())));
    }

    private void tell(Lease lease, Revocation.Revoked revoked) {
        try {
            parts.builds().revoked(lease, revoked);
        } catch (RuntimeException | Error e) {
            // An Error too: of whoever listens. It must not hold up the others.
            LOGGER.log(Level.WARNING, e, () -> "A build could not be told: " + lease.buildId());
        }
    }
}
