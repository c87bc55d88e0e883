package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.BuildStates;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.BuildUrl;
import io.jenkins.plugins.qwiet.grant.RunningBuilds;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks up any build of this Jenkins that a listed token names, whatever the user of the calling thread may see: the result
 * of an audit must not depend on who started the build. Who may see that result is decided by {@link ReportAccess}.
 */
final class ListedBuilds {
    private ListedBuilds() {}

    @NonNull
    static BuildStates.State stateOf(@NonNull String buildUrl) {
        return find(buildUrl).state();
    }

    /** The same, and which tokens the build's own record knows. */
    @NonNull
    static BuildStates.Build find(@NonNull String buildUrl) {
        Optional<BuildUrl> url = BuildUrl.parse(buildUrl);
        if (url.isEmpty()) {
            return BuildStates.Build.of(BuildStates.State.ELSEWHERE);
        }
        Run<?, ?> run = url.get().build();
        if (run == null) {
            return BuildStates.Build.of(BuildStates.State.GONE);
        }
        List<TokenRecord> tokens =
                BuildTokens.of(run).map(BuildTokens::getTokens).orElse(List.of());
        return new BuildStates.Build(
                RunningBuilds.isOn(run) ? BuildStates.State.RUNNING : BuildStates.State.OVER,
                tokens.stream().map(TokenRecord::id).collect(Collectors.toSet()),
                tokens.stream()
                        .filter(token -> token.revokedAt() != null)
                        .map(TokenRecord::id)
                        .collect(Collectors.toSet()));
    }
}
