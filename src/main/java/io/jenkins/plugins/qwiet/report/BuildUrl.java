package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/**
 * The address of a build as a token's description gives it. Anybody may have written it: it is taken apart, looked up
 * and never shown as a link.
 *
 * @param jobPath below this Jenkins, such as {@code job/folder/job/name/}
 * @param number of the build
 */
record BuildUrl(@NonNull String jobPath, int number) {
    /** Beyond Jenkins itself, at least one item; then a number. */
    private static final Pattern PATH = Pattern.compile("(job/[^?#]+/)([1-9][0-9]{0,8})/");

    /** Empty if it is not below the address of this Jenkins, or not the address of a build. */
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

    /** The job, with the eyes of the calling thread; null if there is none, or none that may be seen. */
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
        } catch (AccessDeniedException e) {
            // It may be known that there is something, and no more.
            return null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
