package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which open tokens are wanted.
 *
 * @param text what label, build, organization, id or error contain, in any case; empty for all tokens
 * @param state null for all tokens
 */
record OpenTokenFilter(@NonNull String text, @CheckForNull Lease.State state) {
    static final OpenTokenFilter ALL = new OpenTokenFilter("", null);

    /** From the parameters of a request; null, blank and unknown mean all. */
    static OpenTokenFilter parse(@CheckForNull String text, @CheckForNull String state) {
        return new OpenTokenFilter(
                Util.fixNull(text).trim(),
                Arrays.stream(Lease.State.values())
                        .filter(each -> each.name().equalsIgnoreCase(state))
                        .findFirst()
                        .orElse(null));
    }

    /** What is wrong with a state that a program asks for, in a sentence; null if nothing is. Null and blank are valid. */
    @CheckForNull
    static String problem(@CheckForNull String state) {
        return Util.fixEmptyAndTrim(state) == null || parse("", state).state != null
                ? null
                : Messages.OpenTokenFilter_noState(state);
    }

    boolean matches(Lease lease) {
        if (state != null && lease.state() != state) {
            return false;
        }
        String wanted = text.toLowerCase(Locale.ROOT);
        return wanted.isEmpty()
                || Stream.of(
                                lease.label(),
                                lease.buildId(),
                                lease.organization().orgId(),
                                lease.tokenId(),
                                lease.lastError())
                        .filter(Objects::nonNull)
                        .anyMatch(each -> each.toLowerCase(Locale.ROOT).contains(wanted));
    }

    /** The query of a page's URL, from its question mark on. */
    String query(int page) {
        return "?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8) + "&state=" + (state == null ? "" : state.name())
                + "&page=" + page;
    }
}
