package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.audit.BuildStates;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.RunningBuilds;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/**
 * The URL of a build of this Jenkins, as a token's description gives it. Anybody may have written it: it is parsed and
 * looked up, and never shown as a link.
 *
 * @param jobPath below the root of this Jenkins, such as {@code job/folder/job/name/}
 * @param number of the build
 */
record BuildUrl(@NonNull String jobPath, int number) {
    /** Below the root, at least one item; then a number. */
    private static final Pattern PATH = Pattern.compile("(job/[^?#]+/)([1-9][0-9]{0,8})/");

    /** Empty if it is not below the URL of this Jenkins, or not the URL of a build. */
    @NonNull
    static Optional<BuildUrl> parse(@NonNull String url) {
        String root = Jenkins.get().getRootUrl();
        if (root == null || !url.startsWith(root)) {
            return Optional.empty();
        }
        Matcher path = PATH.matcher(url.substring(root.length()));
        return path.matches()
                ? Optional.of(new BuildUrl(path.group(1), Integer.parseInt(path.group(2))))
                : Optional.empty();
    }

    /**
     * Looks up any build of this Jenkins, whatever the user of the calling thread may see: the result of an audit must
     * not depend on who started the build. Who may see that result is decided by {@link ReportAccess}.
     */
    @NonNull
    static BuildStates.State stateOf(@NonNull String buildUrl) {
        return find(buildUrl).state();
    }

    /** The same, and which tokens the build's own record knows. */
    @NonNull
    static BuildStates.Build find(@NonNull String buildUrl) {
        return parse(buildUrl).map(BuildUrl::find).orElse(BuildStates.Build.of(BuildStates.State.ELSEWHERE));
    }

    private BuildStates.Build find() {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Job<?, ?> job = job();
            Run<?, ?> run = job == null ? null : job.getBuildByNumber(number);
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

    /** The job; null if there is none, or none that the user of the calling thread may see. */
    @CheckForNull
    Job<?, ?> job() {
        ItemGroup<?> group = Jenkins.get();
        String rest = jobPath;
        while (true) {
            String prefix = group.getUrlChildPrefix();
            if (!prefix.equals(".")) {
                if (!rest.startsWith(prefix + "/")) {
                    return null;
                }
                rest = rest.substring(prefix.length() + 1);
            }
            int end = rest.indexOf('/');
            Item item = end <= 0 ? null : item(group, rest.substring(0, end));
            rest = rest.substring(end + 1);
            if (rest.isEmpty()) {
                return item instanceof Job<?, ?> job ? job : null;
            } else if (!(item instanceof ItemGroup<?> next)) {
                return null;
            } else {
                group = next;
            }
        }
    }

    @CheckForNull
    private static Item item(ItemGroup<?> group, String encodedName) {
        try {
            String name = URLDecoder.decode(encodedName.replace("+", "%2B"), StandardCharsets.UTF_8);
            return group.getItem(name);
        } catch (IllegalArgumentException | AccessDeniedException e) {
            // No name at all; or Item/Discover without Item/Read: the user may know that there is an item, and no more.
            return null;
        }
    }
}
