package io.jenkins.plugins.qwiet.grant;

import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The quiet lines about a token's life in a build log. */
final class TokenLog {
    private TokenLog() {}

    static void minted(TaskListener log, Lease lease) {
        print(log, Messages.TokenLog_minted(lease.label(), lease.tokenId(), time(lease.expiresAt())));
    }

    static void revoked(TaskListener log, Lease lease) {
        print(log, Messages.TokenLog_revoked(lease.label(), id(lease)));
    }

    static void revokedBefore(TaskListener log, TokenRecord record, Instant at) {
        print(log, Messages.TokenLog_revokedBefore(record.label(), record.id(), time(at)));
    }

    static void goesOn(TaskListener log, TokenRecord record) {
        print(log, Messages.TokenLog_goesOn(record.label(), record.id(), time(record.expiresAt())));
    }

    /** What the user wrote stands in its variable. */
    static void overridden(TaskListener log, TokenRecord record, String variable) {
        print(log, Messages.TokenLog_overridden(record.label(), record.id(), variable));
    }

    static void leftToExpire(TaskListener log, Lease lease) {
        print(log, Messages.TokenLog_leftToExpire(lease.label(), id(lease), time(lease.expiresAt())));
    }

    static void mayNotRevoke(TaskListener log, Lease lease, String message) {
        print(log, Messages.TokenLog_mayNotRevoke(lease.label(), id(lease), message, time(lease.expiresAt())));
    }

    static void notRevoked(TaskListener log, Lease lease, String reason) {
        print(log, Messages.TokenLog_notRevoked(lease.label(), id(lease), reason, time(lease.expiresAt())));
    }

    private static String id(Lease lease) {
        return lease.tokenId() == null ? Messages.TokenLog_unknownId() : lease.tokenId();
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void print(TaskListener log, String line) {
        log.getLogger().println(line);
    }
}
