package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/**
 * The URL of a build of this Jenkins, as a token's description gives it. Anybody may have written it: it is parsed and
 * looked up, and never shown as a link.
 *
 * @param jobPath below the root of this Jenkins, such as {@code job/folder/job/name/}
 * @param number of the build
 */
public record BuildUrl(@NonNull String jobPath, int number) {
    /** Below the root, at least one item; then a number. */
    private static final Pattern PATH = Pattern.compile("(job/[^?#]+/)([1-9][0-9]{0,8})/");

    /** The root ends where the first item begins. */
    private static final Pattern ELSEWHERE = Pattern.compile("https?://[^/?#]+/(?:[^?#]*?/)??(job/.*)");

    /** Empty if it is not below the URL of this Jenkins, or not the URL of a build. */
    @NonNull
    public static Optional<BuildUrl> parse(@NonNull String url) {
        String root = Jenkins.get().getRootUrl();
        if (root == null || !url.startsWith(root)) {
            return Optional.empty();
        }
        return of(url.substring(root.length()));
    }

    /**
     * The same, or the path of a build below any URL: this Jenkins had another URL then, or another Jenkins has that build. Only what
     * the build here remembers tells which.
     */
    @NonNull
    public static Optional<BuildUrl> parseAnywhere(@NonNull String url) {
        return parse(url).or(() -> {
            Matcher parts = ELSEWHERE.matcher(url);
            return parts.matches() ? of(parts.group(1)) : Optional.empty();
        });
    }

    private static Optional<BuildUrl> of(String rest) {
        Matcher path = PATH.matcher(rest);
        return path.matches()
                ? Optional.of(new BuildUrl(path.group(1), Integer.parseInt(path.group(2))))
                : Optional.empty();
    }

    /** The build, whatever the user of the calling thread may see; null if there is none. May read it from disk. */
    @CheckForNull
    public Run<?, ?> build() {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Job<?, ?> job = job();
            return job == null ? null : job.getBuildByNumber(number);
        }
    }

    /** What Jenkins knows, or knew, the build by ({@code Run.getExternalizableId()}), if its job is still called so. */
    @NonNull
    public String buildId() {
        String job = Stream.of(jobPath.substring("job/".length()).split("/job/"))
                .map(name -> name.endsWith("/") ? name.substring(0, name.length() - 1) : name)
                .map(BuildUrl::decoded)
                .collect(Collectors.joining("/"));
        return job + "#" + number;
    }

    /** The job; null if there is none, or none that the user of the calling thread may see. */
    @CheckForNull
    public Job<?, ?> job() {
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
            return group.getItem(URLDecoder.decode(encodedName.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | AccessDeniedException e) {
            // No name at all; or Item/Discover without Item/Read: the user may know that there is an item, and no more.
            return null;
        }
    }

    private static String decoded(String encodedName) {
        try {
            return URLDecoder.decode(encodedName.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return encodedName;
        }
    }
}
