package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.audit.Difference;
import io.jenkins.plugins.qwiet.audit.Severity;
import io.jenkins.plugins.qwiet.audit.Timeline;

/**
 * A short text on a coloured ground, such as the state of a token.
 *
 * @param text plain text, which the page has to escape
 * @param colour as Jenkins' design library names it
 */
public record Badge(@NonNull String text, @NonNull String colour) {
    private static final String SUCCESS = "success";
    private static final String INFO = "info";
    private static final String WARNING = "warning";
    private static final String ERROR = "error";
    private static final String GREY = "skipped";

    /** The CSS classes of Jenkins' design library. */
    @NonNull
    public String style() {
        return "jenkins-badge jenkins-!-" + colour + "-color";
    }

    static Badge live() {
        return new Badge(Messages.Badge_live(), INFO);
    }

    static Badge expired() {
        return new Badge(Messages.Badge_expired(), GREY);
    }

    static Badge neverExpires() {
        return new Badge(Messages.Badge_neverExpires(), WARNING);
    }

    static Badge leftBehind() {
        return new Badge(Messages.Badge_leftBehind(), ERROR);
    }

    static Badge type(String type) {
        return new Badge(type, GREY);
    }

    static Badge of(BuildToken.Life life) {
        return switch (life) {
            case LIVE -> new Badge(Messages.Badge_stillLive(), ERROR);
            case IN_USE -> new Badge(Messages.Badge_inUse(), INFO);
            case REVOKED -> new Badge(Messages.Badge_revoked(), SUCCESS);
            case EXPIRED -> expired();
            case GONE -> new Badge(Messages.Badge_notListed(), GREY);
            case UNKNOWN -> new Badge(Messages.Badge_unknown(), WARNING);
        };
    }

    static Badge of(Timeline.State state) {
        return switch (state) {
            case IN_USE -> of(BuildToken.Life.IN_USE);
            case REVOKED -> of(BuildToken.Life.REVOKED);
            case EXPIRED -> expired();
            case REVOKED_LATE -> new Badge(Messages.Badge_revokedLate(), WARNING);
            case EXPIRED_LATE -> new Badge(Messages.Badge_expiredLate(), WARNING);
            case LEFT_TO_EXPIRE -> new Badge(Messages.Badge_leftToExpire(), WARNING);
            case NOT_REVOKED -> of(BuildToken.Life.LIVE);
        };
    }

    static Badge of(Severity severity) {
        return switch (severity) {
            case OFF -> new Badge(Messages.Badge_ok(), SUCCESS);
            case WARN -> new Badge(Messages.Badge_warn(), WARNING);
            case UNSTABLE -> new Badge(Messages.Badge_unstable(), WARNING);
            case FAIL -> new Badge(Messages.Badge_fail(), ERROR);
        };
    }

    static Badge of(Difference.Kind kind) {
        return switch (kind) {
            case ADDED -> new Badge(Messages.Badge_added(), INFO);
            case REVOKED -> new Badge(Messages.Badge_gone(), SUCCESS);
            case EXPIRED -> expired();
            case CHANGED -> new Badge(Messages.Badge_changed(), WARNING);
        };
    }
}
