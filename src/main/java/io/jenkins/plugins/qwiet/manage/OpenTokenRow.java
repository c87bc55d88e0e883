package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.BuildsOfLeases;
import io.jenkins.plugins.qwiet.grant.RunningBuilds;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.springframework.security.access.AccessDeniedException;

/**
 * An open token as the page shows it: plain text, which it has to escape.
 *
 * @param lease what is known of the token
 * @param ofSameBuild how many open tokens the build has, this one included
 */
public record OpenTokenRow(@NonNull Lease lease, int ofSameBuild) {
    private static final int LONGEST_NAME = 120;

    /** The URL to post to, from which Jenkins returns to that page. */
    @NonNull
    public String revokeUrl(@NonNull OpenTokensPage page) {
        return "revoke?nonce=" + encoded(lease.nonce()) + "&" + page.query();
    }

    /** The same for those open tokens of the build that the page counts, whatever it is called by then. */
    @NonNull
    public String revokeBuildUrl(@NonNull OpenTokensPage page) {
        return "revokeBuild?build=" + encoded(lease.buildId()) + "&nonce=" + encoded(lease.nonce()) + "&until="
                + encoded(page.newestOf(lease.buildId()).toString()) + "&" + page.query();
    }

    /** What a dialog asks before this token is revoked. */
    @NonNull
    public String revokeTitle() {
        return hidden() ? Messages.OpenTokenRow_revokeHidden() : Messages.OpenTokenRow_revoke(label(), build());
    }

    /** What a dialog asks before all open tokens of the build are revoked. */
    @NonNull
    public String revokeBuildTitle() {
        return Messages.OpenTokenRow_revokeBuild(ofSameBuild, build());
    }

    /** What that does to the build. */
    @NonNull
    public String consequence() {
        Run<?, ?> run = new BuildsOfLeases().of(lease);
        if (run == null) {
            return Messages.OpenTokenRow_buildIsGone();
        }
        return RunningBuilds.isOn(run) ? Messages.OpenTokenRow_buildRuns() : Messages.OpenTokenRow_buildIsOver();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Whether its job is none that the reader may see. */
    private boolean hidden() {
        return lease.buildId().isEmpty();
    }

    @NonNull
    public String label() {
        if (hidden()) {
            return Messages.OpenTokenRow_hidden();
        }
        String label = DisplayText.line(lease.label(), LONGEST_NAME);
        return BuildTokens.recordOf(lease)
                .filter(record -> record.number() > 1)
                .map(record -> Messages.OpenTokenRow_inLine(label, String.valueOf(record.number())))
                .orElse(label);
    }

    /** Null if it is not known whether there is a token. */
    @CheckForNull
    public String tokenId() {
        return lease.tokenId() == null ? null : DisplayText.line(lease.tokenId(), LONGEST_NAME);
    }

    /** Full name of the job, and number. */
    @NonNull
    public String build() {
        return DisplayText.line(lease.buildId(), LONGEST_NAME);
    }

    /** Below the root of Jenkins; null if the build no longer exists, or if the reader may not see it. */
    @CheckForNull
    public String buildUrl() {
        Run<?, ?> run = byId();
        return run == null || isOfFormer(run) ? null : run.getUrl();
    }

    /**
     * Whether the tokens of the build can be revoked together: not beside one of a former build, since those of the build that
     * has its number now may be in use.
     */
    public boolean isOneOfMany() {
        Run<?, ?> run = ofSameBuild > 1 ? byId() : null;
        return ofSameBuild > 1 && (run == null || !isOfFormer(run));
    }

    private boolean isOfFormer(Run<?, ?> run) {
        return !BuildsOfLeases.isOf(run, lease);
    }

    @CheckForNull
    private Run<?, ?> byId() {
        try {
            return Run.fromExternalizableId(lease.buildId());
        } catch (IllegalArgumentException | AccessDeniedException e) {
            return null;
        }
    }

    @NonNull
    public String organization() {
        return DisplayText.line(lease.organization().orgId(), LONGEST_NAME);
    }

    @NonNull
    public String minted() {
        return DisplayTime.text(lease.openedAt());
    }

    /** What Qwiet said of its end. */
    @NonNull
    public String expires() {
        return end(lease);
    }

    /** When a token ends by itself, wherever open tokens are shown: what Qwiet said, and nothing else. */
    @NonNull
    static String end(Lease lease) {
        Instant end = lease.expiresAt();
        if (end != null) {
            return DisplayTime.text(end);
        }
        return lease.end().unknown() ? Messages.OpenTokenRow_unknownEnd() : Messages.OpenTokenRow_noEnd();
    }

    @NonNull
    public String state() {
        return words(lease.state());
    }

    /** The CSS classes of Jenkins' design library. */
    @NonNull
    public String stateStyle() {
        return "jenkins-badge jenkins-!-" + colour() + "-color";
    }

    /** What went wrong the last time; null if nothing did. */
    @CheckForNull
    public String lastError() {
        return lease.lastError() == null ? null : DisplayText.line(lease.lastError());
    }

    /** Null if it is not failing. */
    @CheckForNull
    public String failingSince() {
        Instant since = lease.failingSince();
        return since == null ? null : DisplayTime.text(since);
    }

    private String colour() {
        if (lease.failingSince() != null) {
            return "error";
        }
        return switch (lease.state()) {
            case LIVE -> "success";
            case INTENT, RELEASED -> "info";
            case UNREVOCABLE -> "warning";
        };
    }

    /** What people read for a state, wherever open tokens are shown. */
    @NonNull
    static String words(Lease.State state) {
        return switch (state) {
            case INTENT -> Messages.OpenTokenRow_intent();
            case LIVE -> Messages.OpenTokenRow_live();
            case RELEASED -> Messages.OpenTokenRow_released();
            case UNREVOCABLE -> Messages.OpenTokenRow_unrevocable();
        };
    }
}
