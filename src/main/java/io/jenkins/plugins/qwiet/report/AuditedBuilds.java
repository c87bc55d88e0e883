package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.audit.BuildState;
import io.jenkins.plugins.qwiet.audit.BuildStates;

/**
 * Knows the builds of this Jenkins, all of them: what an audit finds must not depend on who started the build. Who may
 * then see what it found is the business of {@link VisibleBuilds}.
 */
final class AuditedBuilds implements BuildStates {
    @Override
    @NonNull
    public BuildState stateOf(@NonNull String buildUrl) {
        return BuildUrl.parse(buildUrl).map(AuditedBuilds::stateOf).orElse(BuildState.ELSEWHERE);
    }

    private static BuildState stateOf(BuildUrl address) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Job<?, ?> job = address.job();
            Run<?, ?> run = job == null ? null : job.getBuildByNumber(address.number());
            if (run == null) {
                return BuildState.GONE;
            }
            return run.isBuilding() || run.isLogUpdated() ? BuildState.RUNNING : BuildState.OVER;
        }
    }
}
