package io.jenkins.plugins.qwiet.audit;

/** Who created a token, by what this Jenkins knows. The names are stored in reports: never rename one. */
public enum MadeBy {
    /** The audited build. */
    THIS_BUILD,
    /** Another build, which is still running. */
    RUNNING_BUILD,
    /** Another build, which is over. */
    FINISHED_BUILD,
    /** A build of this Jenkins that no longer exists. */
    DELETED_BUILD,
    /** A build that is over or deleted; which of the two, somebody who may not see it is not told. Never stored. */
    ENDED_BUILD,
    /** Its description names a build of this Jenkins, which has no record of it: anybody may have written that. */
    CLAIMS_BUILD,
    /** A build of which nothing is known: one of another Jenkins, or one that nobody asked about. */
    UNKNOWN_BUILD,
    /** Not a build: a person, or another tool. */
    NOT_JENKINS;

    static MadeBy of(BuildStates.State state) {
        return switch (state) {
            case RUNNING -> RUNNING_BUILD;
            case OVER -> FINISHED_BUILD;
            case GONE -> DELETED_BUILD;
            case ELSEWHERE -> UNKNOWN_BUILD;
        };
    }

    /** Whether a live token of such an origin should no longer be there. */
    boolean leftBehind() {
        return this == FINISHED_BUILD || this == DELETED_BUILD || this == ENDED_BUILD;
    }
}
