package io.jenkins.plugins.qwiet.audit;

/** What is known of a build that a token's description names. */
public enum BuildState {
    /** It runs, or waits to. */
    RUNNING,
    /** It is over. */
    OVER,
    /** Its address is one of this Jenkins, yet there is no such build (any more). */
    GONE,
    /** Its address is not one of this Jenkins. */
    ELSEWHERE
}
