package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.audit.Difference;
import io.jenkins.plugins.qwiet.audit.Severity;

/** A word with a colour. */
public final class Badge {
    private final String text;
    private final Colour colour;

    private Badge(String text, Colour colour) {
        this.text = text;
        this.colour = colour;
    }

    /** Plain text, still to be escaped. */
    @NonNull
    public String getText() {
        return text;
    }

    /** The classes of Jenkins' design library. */
    @NonNull
    public String getStyle() {
        return "jenkins-badge jenkins-!-" + colour.name + "-color";
    }

    static Badge live() {
        return new Badge(Messages.Badge_live(), Colour.INFO);
    }

    static Badge expired() {
        return new Badge(Messages.Badge_expired(), Colour.QUIET);
    }

    static Badge neverExpires() {
        return new Badge(Messages.Badge_neverExpires(), Colour.WARNING);
    }

    static Badge leftBehind() {
        return new Badge(Messages.Badge_leftBehind(), Colour.ERROR);
    }

    static Badge type(String type) {
        return new Badge(type, Colour.QUIET);
    }

    static Badge revoked() {
        return new Badge(Messages.Badge_revoked(), Colour.SUCCESS);
    }

    static Badge of(BuildToken.Life life) {
        return switch (life) {
            case LIVE -> new Badge(Messages.Badge_stillLive(), Colour.ERROR);
            case REVOKED -> revoked();
            case EXPIRED -> expired();
            case GONE -> new Badge(Messages.Badge_notListed(), Colour.QUIET);
            case UNKNOWN -> new Badge(Messages.Badge_unknown(), Colour.WARNING);
        };
    }

    static Badge of(Severity severity) {
        return switch (severity) {
            case OFF -> new Badge(Messages.Badge_ok(), Colour.SUCCESS);
            case WARN -> new Badge(Messages.Badge_warn(), Colour.WARNING);
            case UNSTABLE -> new Badge(Messages.Badge_unstable(), Colour.WARNING);
            case FAIL -> new Badge(Messages.Badge_fail(), Colour.ERROR);
        };
    }

    static Badge of(Difference.Kind kind) {
        return switch (kind) {
            case ADDED -> new Badge(Messages.Badge_added(), Colour.INFO);
            case REVOKED -> new Badge(Messages.Badge_gone(), Colour.SUCCESS);
            case EXPIRED -> expired();
            case CHANGED -> new Badge(Messages.Badge_changed(), Colour.WARNING);
        };
    }

    private enum Colour {
        SUCCESS("success"),
        INFO("info"),
        WARNING("warning"),
        ERROR("error"),
        QUIET("skipped");

        private final String name;

        Colour(String name) {
            this.name = name;
        }
    }
}
