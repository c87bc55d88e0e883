package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;

/** Warns administrators when tokens cannot be revoked, or their leases cannot be kept. */
@Extension
@Symbol("qwietRevocations")
public class RevocationMonitor extends AdministrativeMonitor {
    /** A shorter outage is over before anybody could do something about it. */
    static final Duration BEARABLE = Duration.ofMinutes(15);

    private static final int MOST_CAUSES = 5;

    private final Clock clock;

    public RevocationMonitor() {
        this(Clock.systemUTC());
    }

    RevocationMonitor(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String getDisplayName() {
        return Messages.RevocationMonitor_displayName();
    }

    @Override
    public boolean isSecurity() {
        return true;
    }

    @Override
    public boolean isActivated() {
        return !getProblem().isEmpty() || !troubles().isEmpty();
    }

    /** The most frequent causes. */
    @NonNull
    public List<RevocationTrouble> getTroubles() {
        List<RevocationTrouble> all = troubles();
        return all.subList(0, Math.min(MOST_CAUSES, all.size()));
    }

    /** How many causes there are besides. */
    public int getMore() {
        return Math.max(0, troubles().size() - MOST_CAUSES);
    }

    /** Why leases cannot be kept at all, so that no build gets a token; empty if they can. */
    @NonNull
    public String getProblem() {
        return OpenTokens.problem();
    }

    /** Where to see more, below the root of Jenkins. */
    @NonNull
    public String getPage() {
        return "manage/" + OpenTokensLink.URL + "/";
    }

    @Override
    public void checkRequiredPermission() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
    }

    @Override
    public boolean hasRequiredPermission() {
        return Jenkins.get().hasPermission(Jenkins.SYSTEM_READ);
    }

    private List<RevocationTrouble> troubles() {
        try {
            return RevocationTrouble.of(
                    JenkinsLeases.get().leasing().store().leases(),
                    clock.instant().minus(BEARABLE));
        } catch (AbortException e) {
            return List.of();
        }
    }
}
