package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.StorableText;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a build remembers of one of its tokens. Kept in {@code build.xml}, times in milliseconds; the value only while the
 * token may be good, so that it can be hidden, and then encrypted.
 *
 * @param nonce names its lease
 * @param id by which Qwiet knows it
 * @param label as it was created
 * @param orgId the organization that it belongs to
 * @param mintedAt when it was created
 * @param end when Qwiet said that it expires, by its clock
 * @param life how long after {@code mintedAt} it dies, by the clock of this Jenkins
 * @param variable the variable that holds it
 * @param orgVariable the variable that holds the organization's id
 * @param origin of its lease; null if that is not known, or if the token is gone
 * @param line what it has in common with those that were minted in its place
 * @param revokedAt null as long as it is not known to be revoked
 * @param expiredAt when it died of its age while it was held; null if that is not known to have happened
 * @param problem why it is not revoked though its use is over; null if nothing is wrong
 * @param value to be hidden wherever it would be seen; null once the token is dead, or the build is over
 * @param use who uses it
 */
public record TokenRecord(
        @NonNull String nonce,
        @NonNull String id,
        @NonNull String label,
        @NonNull String orgId,
        @NonNull Instant mintedAt,
        @NonNull End end,
        @NonNull Duration life,
        @NonNull String variable,
        @NonNull String orgVariable,
        @CheckForNull LeaseOrigin origin,
        @NonNull TokenLine line,
        @CheckForNull Instant revokedAt,
        @CheckForNull Instant expiredAt,
        @CheckForNull String problem,
        @CheckForNull Secret value,
        @NonNull Use use) {
    /** Who uses a token. Names are stored with builds. */
    public enum Use {
        /** A block or a binding, until it ends; or nobody yet, as the token is on its way to its user. */
        HELD,
        /** Every later step of the running build. */
        REST,
        /** Nobody yet: it takes the place of another of its line as soon as it is hidden everywhere. */
        COMING,
        /** Another took its variable, or its place in its line; what was started with it may go on using it. */
        SUPERSEDED,
        /** Nobody: its use is over. */
        OVER
    }

    /** What others wrote may have characters in it that {@code build.xml} could not hold. */
    public TokenRecord {
        id = StorableText.of(id);
        label = StorableText.of(label);
        orgId = StorableText.of(orgId);
        problem = StorableText.ofNullable(problem);
    }

    /**
     * @param owner names who wrote the lease
     * @param mintedAt by the clock of this Jenkins
     * @param atQwiet the same moment by Qwiet's clock
     */
    static TokenRecord of(
            IssuedToken token, Lease lease, String owner, Instant mintedAt, Instant atQwiet, TokenLine line) {
        End end = lease.end();
        Instant at = end.at();
        return new TokenRecord(
                token.nonce,
                token.id,
                lease.label(),
                token.orgId,
                mintedAt.truncatedTo(ChronoUnit.MILLIS),
                at == null ? end : End.at(at.truncatedTo(ChronoUnit.MILLIS)),
                line.life(atQwiet, at),
                token.variable,
                token.orgVariable,
                new LeaseOrigin(owner, lease.organization().address().base(), lease.account(), true),
                line.knowing(Marks.of(token.value.getPlainText())),
                null,
                null,
                null,
                token.value,
                Use.HELD);
    }

    /** When Qwiet said that it expires; null if it named no end, or nobody knows. */
    @CheckForNull
    public Instant expiresAt() {
        return end.at();
    }

    /** Names the line that it belongs to: the first token's nonce. */
    @NonNull
    public String lineId() {
        return line.id();
    }

    /** Its place in its line; the first one's is 1. */
    public int number() {
        return line.number();
    }

    /** When the first token of its line was created. */
    @NonNull
    public Instant lineSince() {
        return line.since();
    }

    /** Whether later steps see it now. */
    boolean isSeen() {
        return use == Use.REST && value != null;
    }

    /** Whether another took its variable, or its place in its line, and it may be good. */
    boolean isSuperseded() {
        return use == Use.SUPERSEDED && value != null;
    }

    /** Whether any step that runs may have been started with it. */
    boolean mayBeSeen() {
        return value != null && (use == Use.REST || use == Use.SUPERSEDED);
    }

    /** Whether it is the one of its line that whoever holds the line gets now. */
    boolean isCurrent() {
        return value != null && (use == Use.HELD || use == Use.REST);
    }

    /**
     * Whether somebody may be using it: an open block, or any step that comes later.
     *
     * @param others whether other branches of the build run
     */
    boolean isInUse(boolean others) {
        return isUntold() && use != Use.OVER && (use == Use.HELD || others);
    }

    /** Whether its use is over and nobody will revoke it, as the settings want it. */
    public boolean isLeftToExpire() {
        return use == Use.OVER && !needsLease() && isUntold();
    }

    /** Whether it is known whose lease it needs, so that it is revoked. */
    boolean needsLease() {
        return origin != null && origin.isNeeded();
    }

    /** Whether nobody uses it any more. */
    public boolean isUnused() {
        return use == Use.OVER || problem != null;
    }

    /** Whether it is not known to have been revoked or to have expired. */
    public boolean mayBeLive() {
        return revokedAt == null && expiredAt == null;
    }

    /** Whether nothing is known, and so nothing was said, of what became of it. */
    boolean isUntold() {
        return mayBeLive() && problem == null;
    }

    boolean hasValue(String text) {
        return value != null && value.getPlainText().equals(text);
    }

    boolean holds(String name) {
        // As hudson.EnvVars sees it.
        return variable.equalsIgnoreCase(name);
    }

    /** Whether it is the variable of the token, or that of its organization. */
    boolean names(String name) {
        return holds(name) || orgVariable.equalsIgnoreCase(name);
    }

    /** A variable that it names, as it was asked for: Jenkins does not tell the cases of a name apart, but a process does. */
    String spelling(String name) {
        return holds(name) ? variable : orgVariable;
    }

    /** What stands in a variable that it names; null if that is not known any more. */
    @CheckForNull
    String valueIn(String name) {
        return !holds(name) ? orgId : value == null ? null : value.getPlainText();
    }

    /** Whether a value is what it, or one of its line before it, puts into a variable, or put there while it lived. */
    boolean putsOrPut(String name, String text, String mark) {
        return holds(name) && (hasValue(text) || line.values().contains(mark))
                || orgVariable.equalsIgnoreCase(name) && orgId.equals(text);
    }

    /** When it dies, by the clock of this Jenkins. */
    @NonNull
    public Instant diesAt() {
        return mintedAt.plus(life);
    }

    /** It does not live longer than that, whatever the clocks say. */
    Duration longestLife() {
        return line.validFor().isZero() ? life : line.validFor();
    }

    TokenRecord bind(List<String> before, long node) {
        return with(line.boundOver(before, node), revokedAt, expiredAt, problem, value, Use.REST);
    }

    TokenRecord unbound(Use now) {
        return with(line.unbound(), revokedAt, expiredAt, problem, value, now);
    }

    /** That one may have been bound since this one was asked for. */
    TokenRecord inPlaceOf(TokenRecord older) {
        return with(
                line.boundOver(older.line.before(), older.line.boundAt()),
                revokedAt,
                expiredAt,
                problem,
                value,
                older.use);
    }

    /** A value of its line is asked for that may be forgotten by its record. */
    TokenRecord knowing(String mark) {
        return with(line.knowing(mark), revokedAt, expiredAt, problem, value, use);
    }

    /** Its successor keeps the marks of their line, or nobody asks any more. */
    TokenRecord withoutMarks() {
        return with(line.withoutMarks(), revokedAt, expiredAt, problem, value, use);
    }

    TokenRecord in(Use now) {
        return with(line, revokedAt, expiredAt, problem, value, now);
    }

    TokenRecord forget() {
        return over().withoutMarks();
    }

    /** Its value is no longer needed, but what it put somewhere is still to be recognized. */
    TokenRecord over() {
        return with(line, revokedAt, expiredAt, problem, null, Use.OVER);
    }

    /** There is no such token any more. What was over by then was not revoked: it died of its age. */
    TokenRecord gone(Instant now) {
        return end.at() != null && isDead(now)
                ? with(null, line, null, diesAt(), null, null, Use.OVER)
                : with(null, line, now.truncatedTo(ChronoUnit.MILLIS), null, null, null, Use.OVER);
    }

    /** Nobody looks after it any more; who did is remembered, since a copy of the home has this record too. */
    TokenRecord withoutLease() {
        return with(origin == null ? null : origin.notNeeded(), line, revokedAt, expiredAt, problem, value, use);
    }

    boolean isDead(Instant now) {
        return !diesAt().isAfter(now);
    }

    /** Its use is over, but the token is still good. */
    TokenRecord notRevoked(String why) {
        return with(line, revokedAt, expiredAt, why, value, Use.OVER);
    }

    private TokenRecord with(
            TokenLine newLine,
            Instant newRevokedAt,
            Instant newExpiredAt,
            String newProblem,
            Secret newValue,
            Use newUse) {
        return with(origin, newLine, newRevokedAt, newExpiredAt, newProblem, newValue, newUse);
    }

    private TokenRecord with(
            LeaseOrigin newOrigin,
            TokenLine newLine,
            Instant newRevokedAt,
            Instant newExpiredAt,
            String newProblem,
            Secret newValue,
            Use newUse) {
        return new TokenRecord(
                nonce,
                id,
                label,
                orgId,
                mintedAt,
                end,
                life,
                variable,
                orgVariable,
                newOrigin,
                newLine,
                newRevokedAt,
                newExpiredAt,
                newProblem,
                newValue,
                newUse);
    }

    /** Without the value: {@link Secret#toString} would show it. */
    @Override
    public String toString() {
        return "CI token " + id;
    }

    /** Found by its name: {@code XStream2} looks for a class of this name inside the one to convert. */
    public static final class ConverterImpl extends TokenRecordXml {}
}
