package io.jenkins.plugins.qwiet.audit;

/** A thing that should not be. Names are stored in reports: never rename one. */
public enum Rule {
    /** A token of this build is still live. */
    OWN_TOKEN_LIVE,
    /** A live CI token never expires. */
    NEVER_EXPIRES,
    /** A live CI token expires later than so many days from now. */
    EXPIRES_LATE,
    /** More than so many CI tokens are live. */
    TOO_MANY,
    /** A live token was minted by Jenkins for another build that is over, or that no longer exists. */
    LEFT_BY_BUILD,
    /** The label of a live CI token does not match a pattern. */
    LABEL_MISMATCH,
    /** The list cannot be had, so that no other rule can be asked. */
    LIST_UNAVAILABLE
}
