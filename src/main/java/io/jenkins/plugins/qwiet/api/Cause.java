package io.jenkins.plugins.qwiet.api;

/** Why something that was wanted of Qwiet failed: a closed set, for whoever counts. */
public enum Cause {
    /** Nothing was answered: there was no connection, it broke, or time was up. */
    UNREACHABLE,
    /** Qwiet does not know the access token: HTTP 401. */
    UNAUTHORIZED,
    /** Qwiet does not let this service account do it: HTTP 403. */
    FORBIDDEN,
    /** HTTP 429. */
    TOO_MANY_REQUESTS,
    /** It was not asked for now: Qwiet had asked to wait, or what was asked before had failed. */
    HELD_BACK,
    /** HTTP 500 or above, of Qwiet or of something on the way. */
    SERVER_ERROR,
    /** Qwiet itself refused for another reason: any other 4xx. */
    REFUSED,
    /** An answer from which nobody can know: a redirect, a page of a proxy, something unreadable, a list that is not whole. */
    INDETERMINATE,
    /** No service account could be had, or a setting or an argument is wrong; nothing was sent. */
    CONFIGURATION,
    /** The disk did not take the lease, or does not give it. */
    DISK,
    /** Anything else. */
    OTHER;

    static Cause ofRefusal(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> FORBIDDEN;
            default -> REFUSED;
        };
    }

    /** Of an answer that is not Qwiet's own refusal. */
    static Cause ofStatus(int status) {
        return status >= 500 ? SERVER_ERROR : INDETERMINATE;
    }
}
