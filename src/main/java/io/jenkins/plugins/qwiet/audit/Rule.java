package io.jenkins.plugins.qwiet.audit;

/** What an audit checks. The names are stored in reports: never rename one. */
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
    /** The list could not be read, so that no other rule can be evaluated. */
    LIST_UNAVAILABLE
}
