package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Set;

/** Knows builds by their address. */
@FunctionalInterface
public interface BuildStates {
    /** Knows none. */
    BuildStates UNKNOWN = buildUrl -> Build.of(State.ELSEWHERE);

    /**
     * Looks a build up. Asked on the thread that finishes the audit, never on one of the HTTP client's; once for each
     * build, and for {@value Audit#MAX_BUILDS} builds at most.
     *
     * @param buildUrl the absolute address, as a token's description gives it; anybody may have written it
     */
    @NonNull
    Build find(@NonNull String buildUrl);

    /**
     * A build that a token's description names, and which tokens were made for it: a description alone proves nothing.
     *
     * @param tokenIds by its own record; none of a build that is not there, of which leases alone can tell
     * @param revokedIds those among them that were revoked
     */
    public record Build(
            @NonNull State state,
            @NonNull Set<String> tokenIds,
            @NonNull Set<String> revokedIds) {
        public Build {
            tokenIds = Set.copyOf(tokenIds);
            revokedIds = Set.copyOf(revokedIds);
        }

        /** Of one whose tokens were not revoked. */
        public Build(@NonNull State state, @NonNull Set<String> tokenIds) {
            this(state, tokenIds, Set.of());
        }

        /** Of one that knows of no token. */
        @NonNull
        public static Build of(@NonNull State state) {
            return new Build(state, Set.of());
        }
    }

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
