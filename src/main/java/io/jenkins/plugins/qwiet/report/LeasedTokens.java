package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.BuildStates.State;
import io.jenkins.plugins.qwiet.grant.BuildsOfLeases;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.RunningBuilds;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.Leasing;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
     * @param others those that another Jenkins wrote, whose copy this is: a build here with the id of theirs is none of it
     * @param but the build whose leases are left out
     */
    @NonNull
    static Map<String, State> states(
            @NonNull Collection<Lease> open, @NonNull Collection<Lease> others, @NonNull Run<?, ?> but) {
        Map<String, State> states = new HashMap<>();
        String id = but.getExternalizableId();
        others.stream()
                .filter(lease -> !lease.buildId().equals(id))
                .forEach(lease -> states.put(keyOf(lease), State.ELSEWHERE));
        var builds = new BuildsOfLeases();
        for (Lease lease : open) {
            Run<?, ?> run = builds.of(lease);
            if (run == null || !run.getExternalizableId().equals(id)) {
                states.put(keyOf(lease), stateOf(run));
            }
        }
        return states;
    }

    private static String keyOf(Lease lease) {
        String id = lease.tokenId();
        return id == null ? lease.nonce() : id;
    }

    /** Ids and nonces of those that were revoked a moment ago, or are being revoked; none if the leases cannot be read. */
    @NonNull
    static Set<String> revokedLately() {
        try {
            Leasing leasing = JenkinsLeases.get().leasing();
            Stream<Lease> underWay =
                    leasing.store().leases().stream().filter(lease -> leasing.isRevoking(lease.nonce()));
            return Stream.concat(leasing.store().ended().stream(), underWay)
                    .flatMap(lease -> Stream.of(lease.nonce(), lease.tokenId()))
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
        } catch (AbortException e) {
            return Set.of();
        }
    }

    private static State stateOf(@CheckForNull Run<?, ?> run) {
        if (run == null) {
            return State.GONE;
        }
        return RunningBuilds.isOn(run) ? State.RUNNING : State.OVER;
    }
}
