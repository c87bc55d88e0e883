package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Knows builds by their address. */
@FunctionalInterface
public interface BuildStates {
    /** Knows none. */
    BuildStates UNKNOWN = buildUrl -> BuildState.ELSEWHERE;

    /**
     * Looks a build up. Asked on the thread that finishes the audit, never on one of the HTTP client's; once for each
     * build, and for {@value Audit#MAX_BUILDS} builds at most.
     *
     * @param buildUrl the absolute address, as a token's description gives it; anybody may have written it
     */
    @NonNull
    BuildState stateOf(@NonNull String buildUrl);
}
