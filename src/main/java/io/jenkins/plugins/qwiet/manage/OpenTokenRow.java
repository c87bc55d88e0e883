package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.springframework.security.access.AccessDeniedException;

/** An open lease as the page shows it. All texts are still to be escaped. */
public final class OpenTokenRow {
    private static final int LONGEST_NAME = 120;

    private final Lease lease;
    private final int ofSameBuild;

    /** @param ofSameBuild how many open leases the build has, this one included */
    OpenTokenRow(Lease lease, int ofSameBuild) {
        this.lease = lease;
        this.ofSameBuild = ofSameBuild;
    }

    /** To be posted to; leads back to that page. */
    @NonNull
    public String revokeUrl(@NonNull OpenTokensPage page) {
        return "revoke?nonce=" + encoded(lease.nonce()) + "&" + page.getQuery();
    }

    /** The same for all open leases of the build. */
    @NonNull
    public String revokeBuildUrl(@NonNull OpenTokensPage page) {
        return "revokeBuild?build=" + encoded(lease.buildId()) + "&" + page.getQuery();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @NonNull
    public String getLabel() {
        return DisplayText.line(lease.label(), LONGEST_NAME);
    }

    /** Null if it is not known whether there is a token. */
    @CheckForNull
    public String getTokenId() {
        return lease.tokenId() == null ? null : DisplayText.line(lease.tokenId(), LONGEST_NAME);
    }

    /** Full name of the job, and number. */
    @NonNull
    public String getBuild() {
        return DisplayText.line(lease.buildId(), LONGEST_NAME);
    }

    /** Below the root of Jenkins; null if there is no such build any more, or none that the reader may see. */
    @CheckForNull
    public String getBuildUrl() {
        try {
            Run<?, ?> run = Run.fromExternalizableId(lease.buildId());
            return run == null ? null : run.getUrl();
        } catch (IllegalArgumentException | AccessDeniedException e) {
            return null;
        }
    }

    public int getOfSameBuild() {
        return ofSameBuild;
    }

    @NonNull
    public String getOrganization() {
        return DisplayText.line(lease.organization().orgId(), LONGEST_NAME);
    }

    @NonNull
    public String getMinted() {
        return DisplayTime.text(lease.openedAt());
    }

    @NonNull
    public String getExpires() {
        return DisplayTime.text(lease.expiresAt());
    }

    @NonNull
    public String getState() {
        return StateWords.of(lease.state());
    }

    /** Of Jenkins' design library. */
    @NonNull
    public String getStateStyle() {
        return "jenkins-badge jenkins-!-" + colour() + "-color";
    }

    /** What went wrong the last time; null if nothing did. */
    @CheckForNull
    public String getLastError() {
        return lease.lastError() == null ? null : DisplayText.line(lease.lastError());
    }

    /** Null if nothing goes on failing. */
    @CheckForNull
    public String getFailingSince() {
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
}
