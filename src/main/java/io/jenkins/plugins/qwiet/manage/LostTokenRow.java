package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.grant.BuildUrl;
import io.jenkins.plugins.qwiet.grant.LostTokenSearch;
import io.jenkins.plugins.qwiet.lease.LostTokens.Lost;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * A token without a lease as administrators see it: plain text, which the page has to escape.
 *
 * @param organization the query that names it
 * @param token what its description says, which anybody may have copied
 * @param maker what is known of its build
 */
public record LostTokenRow(
        @NonNull String organization,
        @NonNull Lost token,
        @NonNull Maker maker) {
    private static final int LONGEST_NAME = 120;

    /** The URL to post to. */
    @NonNull
    public String revokeUrl() {
        return "revoke?" + organization + "&id=" + URLEncoder.encode(token.id(), StandardCharsets.UTF_8);
    }

    /** What a dialog asks before it is revoked. */
    @NonNull
    public String revokeTitle() {
        return Messages.OpenTokenRow_revoke(label(), build());
    }

    /** What that may do to the build. */
    @NonNull
    public String consequence() {
        if (maker == Maker.OVER) {
            return Messages.OpenTokenRow_buildIsOver();
        }
        return token.buildUrl().isEmpty()
                ? Messages.LostTokenRow_consequenceNotNamed()
                : Messages.LostTokenRow_consequenceNotKnown();
    }

    @NonNull
    public String label() {
        return DisplayText.line(token.label(), LONGEST_NAME);
    }

    @NonNull
    public String tokenId() {
        return DisplayText.line(token.id(), LONGEST_NAME);
    }

    /** Full name of the job, and number, as the description has them, or that it has none. */
    @NonNull
    public String build() {
        return DisplayText.line(LostTokenSearch.buildOf(token), LONGEST_NAME);
    }

    /** Below the root of Jenkins; null if the build is none that is known. */
    @CheckForNull
    public String buildPath() {
        Job<?, ?> job = maker == Maker.OVER ? url().map(BuildUrl::job).orElse(null) : null;
        return job == null ? null : job.getUrl() + url().orElseThrow().number() + "/";
    }

    private Optional<BuildUrl> url() {
        return BuildUrl.parseAnywhere(token.buildUrl());
    }

    @NonNull
    public String state() {
        return maker == Maker.OVER ? Messages.LostTokenRow_over() : Messages.LostTokenRow_notKnown();
    }

    /** The CSS classes of Jenkins' design library. */
    @NonNull
    public String stateStyle() {
        return "jenkins-badge jenkins-!-" + (maker == Maker.OVER ? "info" : "warning") + "-color";
    }

    @NonNull
    public String expires() {
        Instant end = token.end().at();
        if (end != null) {
            return DisplayTime.text(end);
        }
        return token.end().unknown() ? Messages.OpenTokenRow_unknownEnd() : Messages.OpenTokenRow_noEnd();
    }
}
