package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Retry;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import java.time.Instant;

/** The quiet lines about a token's life in a build log. */
final class TokenLog {
    /** Of a line: of so many, each says that it was minted. */
    private static final int FIRST_RENEWALS = 3;

    private TokenLog() {}

    static void minted(TaskListener log, Lease lease) {
        Instant end = lease.expiresAt();
        String line;
        if (end != null) {
            line = Messages.TokenLog_minted(lease.label(), lease.tokenId(), time(end));
        } else if (lease.end().unknown()) {
            line = Messages.TokenLog_mintedUntilUnknown(lease.label(), lease.tokenId());
        } else {
            line = Messages.TokenLog_mintedWithoutEnd(lease.label(), lease.tokenId());
        }
        print(log, line);
    }

    /** Nobody has to wonder why a build stands still. */
    static void retry(TaskListener log, ResolvedRequest request, Retry retry) {
        String label = request.mint().label();
        String address = request.connection().client().organization().address().base();
        String reason = DisplayText.clause(DisplayText.line(retry.reason()));
        // Rounded up: never sooner than it says.
        long seconds = retry.after().plusMillis(999).toSeconds();
        print(
                log,
                seconds == 0
                        ? Messages.TokenLog_retryNow(label, address, reason)
                        : Messages.TokenLog_retry(label, address, reason, String.valueOf(seconds)));
    }

    static void accountIsNotFindable(TaskListener log, Lease lease) {
        print(log, Messages.TokenLog_accountIsNotFindable(lease.account().credentialsId()));
    }

    /** Whether what happens to a line of tokens again and again is told this time, the {@code number}th from 1. */
    static boolean isTold(int number) {
        return number <= FIRST_RENEWALS || Integer.bitCount(number) == 1;
    }

    /** One of a line took the place of another. Of very many, not each has a line: the log of a long build stays short. */
    static void renewed(TaskListener log, TokenRecord record, boolean inAnyCase) {
        int number = record.number();
        if (inAnyCase || isTold(number)) {
            String since = time(record.lineSince());
            print(
                    log,
                    record.expiresAt() == null
                            ? Messages.TokenLog_renewedWithoutEnd(
                                    record.label(), record.id(), String.valueOf(number), since, end(record.end()))
                            : Messages.TokenLog_renewed(
                                    record.label(), record.id(), time(record.diesAt()), String.valueOf(number), since));
        }
    }

    static void notRenewed(TaskListener log, TokenRecord record, String reason) {
        String state =
                record.expiresAt() == null ? end(record.end()) : Messages.TokenLog_validUntil(time(record.diesAt()));
        print(log, Messages.TokenLog_notRenewed(record.label(), record.id(), state, DisplayText.clause(reason)));
    }

    static void noneAlive(TaskListener log, TokenRecord record) {
        String since = time(record.diesAt());
        print(
                log,
                record.expiresAt() == null
                        ? Messages.TokenLog_mayBeOver(record.label(), record.id(), since, end(record.end()))
                        : Messages.TokenLog_noneAlive(record.label(), record.id(), since));
    }

    static void willExpire(TaskListener log, TokenRecord record, Duration left) {
        String at = time(record.diesAt());
        print(
                log,
                record.expiresAt() == null
                        ? Messages.TokenLog_mayExpire(
                                record.label(), record.id(), at, duration(left), end(record.end()))
                        : Messages.TokenLog_willExpire(record.label(), record.id(), at, duration(left)));
    }

    /** Rounded, and never to one of them: "1 minutes" is said of nothing. */
    private static String duration(Duration left) {
        return left.toSeconds() < 120
                ? Messages.TokenLog_seconds(String.valueOf(Math.max(1, left.toSeconds())))
                : Messages.TokenLog_minutes(String.valueOf(left.plusSeconds(30).toMinutes()));
    }

    /** Two that steps see at once name one variable for the IDs of two organizations. */
    static void otherOrganization(TaskListener log, TokenRecord record, TokenRecord other) {
        print(
                log,
                Messages.TokenLog_otherOrganization(
                        record.orgVariable(),
                        other.label(),
                        other.id(),
                        other.orgId(),
                        record.label(),
                        record.id(),
                        record.orgId()));
    }

    /** For a step in none of the branches that asked for a token. */
    static void ofBranches(TaskListener log, TokenRecord record, TokenRecord other, String variable) {
        print(
                log,
                Messages.TokenLog_ofBranches(
                        variable,
                        record.label(),
                        record.id(),
                        record.orgId(),
                        other.label(),
                        other.id(),
                        other.orgId()));
    }

    static void standsIn(TaskListener log, TokenRecord record, TokenRecord expired, String variable) {
        boolean isExpired = expired.isDead(JenkinsLeases.get().clock().instant());
        print(
                log,
                Messages.TokenLog_standsIn(
                        isExpired
                                ? Messages.TokenLog_isExpired(expired.label(), expired.id(), expired.orgId())
                                : Messages.TokenLog_isEnded(expired.label(), expired.id(), expired.orgId()),
                        variable,
                        record.label(),
                        record.id(),
                        record.orgId(),
                        isExpired ? Messages.TokenLog_letItLast() : Messages.TokenLog_createOne()));
    }

    static void copyOfOver(TaskListener log, TokenRecord record, String variable) {
        print(log, Messages.TokenLog_copyOfOver(variable, record.label(), record.id(), record.variable()));
    }

    static void tokenAndOrganization(TaskListener log, TokenRecord token, TokenRecord organization) {
        print(
                log,
                Messages.TokenLog_tokenAndOrganization(
                        token.variable(), token.label(), token.id(), organization.label(), organization.id()));
    }

    /** A token that is no more: revoked, or dead of its age while it was held. */
    static void over(TaskListener log, TokenRecord record) {
        Instant expired = record.expiredAt();
        if (expired != null) {
            print(
                    log,
                    Messages.TokenLog_expired(record.label(), record.id(), time(expired)) + " "
                            + (record.line().fixed()
                                    ? Messages.TokenLog_expiredFixed()
                                    : record.line().renewed()
                                                    && QwietConfiguration.get().isRenew()
                                            ? Messages.TokenLog_expiredRenewed()
                                            : Messages.TokenLog_expiredNotRenewed()));
        } else if (record.number() > 1) {
            print(log, Messages.TokenLog_revokedLine(record.label(), record.id(), String.valueOf(record.number())));
        } else {
            print(log, Messages.TokenLog_revoked(record.label(), record.id()));
        }
    }

    /** One that died of its age when nothing new saw it any more. */
    static void expiredBehind(TaskListener log, TokenRecord record, Instant at) {
        print(log, Messages.TokenLog_expiredBehind(record.label(), record.id(), time(at)));
    }

    static void revoked(TaskListener log, Lease lease) {
        print(log, Messages.TokenLog_revoked(lease.label(), id(lease)));
    }

    /** Qwiet has no such token: it expired, or somebody revoked it. */
    static void gone(TaskListener log, Lease lease) {
        print(log, Messages.TokenLog_gone(lease.label(), id(lease)));
    }

    /** It may be there or not. */
    static void notListed(TaskListener log, Lease lease) {
        print(log, Messages.TokenLog_notListed(lease.label(), id(lease)));
    }

    static void revokedBefore(TaskListener log, TokenRecord record, Instant at) {
        print(log, Messages.TokenLog_revokedBefore(record.label(), record.id(), time(at)));
    }

    /** What the user wrote stands in its variable. */
    static void overridden(TaskListener log, TokenRecord record, String variable, String by) {
        print(
                log,
                record.holds(variable)
                        ? Messages.TokenLog_overridden(record.label(), record.id(), variable, by)
                        : Messages.TokenLog_overriddenOrganization(
                                record.label(), record.id(), variable, by, record.orgId()));
    }

    /** Names a block that sets a variable; null for one of which only that is known. */
    static String block(@CheckForNull String step) {
        return step == null ? Messages.TokenLog_aBlock() : Messages.TokenLog_block(step);
    }

    static String script(String variable) {
        return Messages.TokenLog_script(variable);
    }

    /** In a build that is no Pipeline. */
    static String build() {
        return Messages.TokenLog_build();
    }

    static void shownToGroovy(TaskListener log, IssuedToken token, String variable) {
        print(log, Messages.TokenLog_shownToGroovy(variable, token.id));
    }

    /** Nothing takes its place in its variable. */
    static void isGone(TaskListener log, TokenRecord record, String variable) {
        print(log, Messages.TokenLog_isGone(record.label(), record.id(), variable));
    }

    static void leftToExpire(TaskListener log, Lease lease) {
        print(log, Messages.TokenLog_leftToExpire(lease.label(), id(lease), end(lease.end())));
    }

    static void mayNotRevoke(TaskListener log, Lease lease, String message) {
        print(
                log,
                Messages.TokenLog_mayNotRevoke(
                        lease.label(),
                        id(lease),
                        DisplayText.clause(message),
                        end(lease.end()),
                        lease.organization().orgId()));
    }

    static void notRevoked(TaskListener log, Lease lease, String reason) {
        print(
                log,
                Messages.TokenLog_notRevoked(lease.label(), id(lease), DisplayText.clause(reason), end(lease.end())));
    }

    static void rests(TaskListener log, TokenRecord record, String why) {
        print(log, Messages.TokenLog_rests(record.label(), record.id(), DisplayText.clause(why), end(record.end())));
    }

    /** When it ends by itself, in a sentence: what Qwiet said of it, and nothing else. */
    private static String end(End end) {
        Instant at = end.at();
        if (at != null) {
            return Messages.TokenLog_expires(time(at));
        }
        return end.unknown() ? Messages.TokenLog_unknownEnd() : Messages.TokenLog_noEnd();
    }

    static void agentNotTold(TaskListener log, String agent, String tokenId) {
        print(log, Messages.TokenLog_agentNotTold(tokenId, agent));
    }

    private static String id(Lease lease) {
        return lease.tokenId() == null ? Messages.TokenLog_unknownId() : lease.tokenId();
    }

    private static String time(Instant instant) {
        return DisplayTime.text(instant);
    }

    private static void print(TaskListener log, String line) {
        log.getLogger().println(line);
    }
}
