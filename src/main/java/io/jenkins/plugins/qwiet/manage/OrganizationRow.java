package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.LastAudits.LastAudit;
import io.jenkins.plugins.qwiet.audit.RowQuery;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/** An organization as the page shows it to the user of the calling thread: plain text, which the page has to escape. */
public final class OrganizationRow {
    private static final int LONGEST_NAME = 120;

    /** Those of which an administrator may decide. */
    static final Set<Maker> ORPHANED = Set.of(Maker.OVER, Maker.NOT_KNOWN);

    private final KnownOrganization known;
    private final LostTokenLooks.Look look;

    OrganizationRow(@NonNull KnownOrganization known, @CheckForNull LostTokenLooks.Look look) {
        this.known = known;
        this.look = look;
    }

    /** The organization's ID. */
    @NonNull
    public String id() {
        return known.organization().orgId();
    }

    /** The API URL; null if it is the usual one. */
    @CheckForNull
    public String api() {
        String base = known.organization().address().base();
        return base.equals(ApiAddress.DEFAULT) ? null : DisplayText.line(base);
    }

    /** Names it in an address, without the question mark. */
    @NonNull
    public String query() {
        return query(known.organization());
    }

    static String query(Organization organization) {
        return "org=" + encoded(organization.orgId()) + "&api="
                + encoded(organization.address().base());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Whether Qwiet can be asked about it. */
    public boolean canLook() {
        return known.account() != null;
    }

    /** The numbers of the last audit; null if none is known. */
    @CheckForNull
    public AuditReport.Counts counts() {
        LastAudit audit = known.lastAudit();
        return audit == null ? null : audit.counts();
    }

    /** When that was; empty if none is known. */
    @NonNull
    public String auditedAt() {
        LastAudit audit = known.lastAudit();
        return audit == null ? "" : DisplayTime.text(audit.at());
    }

    /** Whether the list that it had may not be the whole. */
    public boolean isPartial() {
        LastAudit audit = known.lastAudit();
        return audit != null && audit.partial();
    }

    /** Full name of the job, and number, of the build that it was of; empty if the user may not know. */
    @NonNull
    public String build() {
        LastAudit audit = known.lastAudit();
        boolean shown = run() != null || Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        return audit == null || !shown ? "" : DisplayText.line(audit.buildId(), LONGEST_NAME);
    }

    /** That build, below the root of Jenkins; null if there is none that the user may see. */
    @CheckForNull
    public String buildPath() {
        Run<?, ?> run = run();
        return run == null ? null : run.getUrl();
    }

    /**
     * Where the tokens are listed that a number of that audit counts, below the root of Jenkins; null if the user may not see
     * its build.
     *
     * @param view a kind of tokens, as that page names it
     */
    @CheckForNull
    public String tokensPath(@NonNull String view) {
        String path = buildPath();
        return path == null ? null : path + "qwiet-tokens/?view=" + RowQuery.View.valueOf(view) + "#qwiet-organization";
    }

    @CheckForNull
    private Run<?, ?> run() {
        LastAudit audit = known.lastAudit();
        try {
            return audit == null ? null : Run.fromExternalizableId(audit.buildId());
        } catch (IllegalArgumentException | AccessDeniedException e) {
            return null;
        }
    }

    /** Whether somebody looked for orphaned tokens lately. */
    public boolean isLookedAt() {
        return look != null;
    }

    /** When, and what was found, in sentences; empty if nobody looked. */
    @NonNull
    public String summary() {
        return look == null
                ? ""
                : Messages.OrganizationRow_seen(DisplayTime.text(look.at())) + " "
                        + LostTokenActs.summary(look.found());
    }

    /** What was found: for administrators alone. */
    @NonNull
    public List<LostTokenRow> tokens() {
        if (look == null || !Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            return List.of();
        }
        return look.found().tokens().entrySet().stream()
                .filter(each -> ORPHANED.contains(each.getValue()))
                .map(each -> new LostTokenRow(query(), each.getKey(), each.getValue()))
                .toList();
    }

    private int count(Maker maker) {
        return look == null ? 0 : look.found().of(Set.of(maker)).size();
    }

    /** How many of those that are shown are of builds that are over here. */
    public int ofCompleted() {
        return count(Maker.OVER);
    }

    /** How many of those that are shown are of builds that are not known here. */
    public int ofUnknown() {
        return count(Maker.NOT_KNOWN);
    }

    /** What a dialog asks before those of builds that are over are revoked. */
    @NonNull
    public String revokeAllTitle() {
        return Messages.OrganizationRow_revokeAll(ofCompleted(), id());
    }

    @NonNull
    KnownOrganization known() {
        return known;
    }

    @CheckForNull
    LostTokenLooks.Look look() {
        return look;
    }
}
