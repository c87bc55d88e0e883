package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Knows builds by their address. */
@FunctionalInterface
public interface BuildStates {
    /** Knows none. */
    BuildStates UNKNOWN = buildUrl -> State.ELSEWHERE;

    /**
     * Looks a build up. Asked on the thread that finishes the audit, never on one of the HTTP client's; once for each
     * build, and for {@value Audit#MAX_BUILDS} builds at most.
     *
     * @param buildUrl the absolute address, as a token's description gives it; anybody may have written it
     */
    @NonNull
    State stateOf(@NonNull String buildUrl);

    /** What is known of a build that a token's description names. */
    public enum State {
        /** It runs, or waits to. */
        RUNNING,
        /** It is over. */
        OVER,
        /** Its address is one of this Jenkins, yet there is no such build (any more). */
        GONE,
        /** Its address is not one of this Jenkins. */
        ELSEWHERE
    }
}
