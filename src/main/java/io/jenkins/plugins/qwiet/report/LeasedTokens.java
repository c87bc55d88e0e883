package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.audit.BuildStates.State;
import io.jenkins.plugins.qwiet.grant.RunningBuilds;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What open leases say of tokens: for which build each was made. A lease outlives its build, and knows it when its job was
 * moved; nobody can write one by describing a token.
 */
final class LeasedTokens {
    private LeasedTokens() {}

    /**
     * The state of the build, by a token's id, or by the nonce of one whose id was never told. Looks builds up whatever the
     * user of the calling thread may see.
     *
     * @param but the build whose leases are left out, as {@code Run.getExternalizableId} gives it
     */
    @NonNull
    static Map<String, State> states(@NonNull Collection<Lease> open, @NonNull String but) {
        Map<String, State> states = new HashMap<>();
        Map<String, State> builds = new HashMap<>();
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            for (Lease lease : open) {
                if (!lease.buildId().equals(but)) {
                    String id = lease.tokenId();
                    State state = builds.computeIfAbsent(lease.buildId(), LeasedTokens::stateOf);
                    states.put(id == null ? lease.nonce() : id, state);
                }
            }
        }
        return states;
    }

    private static State stateOf(String buildId) {
        Run<?, ?> run = find(buildId);
        if (run == null) {
            return State.GONE;
        }
        return RunningBuilds.isOn(run) ? State.RUNNING : State.OVER;
    }

    @CheckForNull
    private static Run<?, ?> find(String buildId) {
        try {
            return Run.fromExternalizableId(buildId);
        } catch (IllegalArgumentException e) {
            return null; // No build has such an id.
        }
    }
}
