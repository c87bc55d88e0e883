package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.Permission;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.MadeBy;
import io.jenkins.plugins.qwiet.audit.TokenRow;
import io.jenkins.plugins.qwiet.grant.BuildUrl;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * Decides how much of a build's report the calling thread's user may see, for one request and on its thread.
 *
 * <p>Those who may configure the job see the organization's tokens, since with the job comes the use of its service
 * account. Auditors, who may read the job's configuration (Job/ExtendedRead) or that of Jenkins (Overall/SystemRead), see
 * them too; but of a token that a build made whose job they may not read, no more than its id, type and end. Everybody else
 * who may read the build sees its own tokens, numbers and verdicts. Of a job that the user may not read nothing is told,
 * not even whether it exists.
 */
final class ReportAccess {
    private final Run<?, ?> run;
    private final Map<String, Optional<Job<?, ?>>> jobs = new HashMap<>();

    /** An administrator may read every job: one that is not found does not exist. */
    private final boolean everyJob = Jenkins.get().hasPermission(Jenkins.ADMINISTER);

    ReportAccess(@NonNull Run<?, ?> run) {
        this.run = run;
    }

    /** Whether the user may see the organization's tokens. */
    boolean toOrganization() {
        return toAll() || on(Item.EXTENDED_READ) || Jenkins.get().hasPermission(Jenkins.SYSTEM_READ);
    }

    /** Whether the user could list the organization's tokens without us, by a build of the job. */
    private boolean toAll() {
        return everyJob || on(Item.CONFIGURE);
    }

    private boolean on(Permission permission) {
        Item item = run.getParent();
        while (!item.hasPermission(permission)) {
            // Nobody may configure the jobs of branches: there the multibranch project decides.
            ItemGroup<?> group = item.getParent();
            if (!(group instanceof Item above)) {
                return false;
            }
            item = above;
        }
        return true;
    }

    /** @throws org.springframework.security.access.AccessDeniedException if the user may not see the organization's tokens */
    void checkOrganization() {
        if (!toOrganization()) {
            run.getParent().checkPermission(Item.CONFIGURE);
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        }
    }

    /** As much of the report as the user may see. */
    @NonNull
    AuditReport visible(@NonNull AuditReport report) {
        return toAll() ? report : report.forReaders();
    }

    /** The row, without what only users who may read the job of its build may know. */
    @NonNull
    TokenRow visible(@NonNull TokenRow row) {
        if (everyJob) {
            return row;
        }
        String build = row.build();
        if (build == null) {
            // Its lease may name a build that its description does not.
            boolean known = row.madeBy() == MadeBy.NOT_JENKINS || row.madeBy() == MadeBy.THIS_BUILD;
            return known || toAll() ? row : row.withoutBuild();
        } else if (BuildUrl.parse(build).flatMap(this::job).isPresent()) {
            return row;
        }
        // Where there is no such job at all, the same: whether there is one is not told either.
        return toAll() || !isHere(build) ? row.withoutBuildState() : row.withoutBuild();
    }

    /** Whether it may be a build of this Jenkins: of another one, the user may know as much as Qwiet tells. */
    private static boolean isHere(String build) {
        String root = Jenkins.get().getRootUrl();
        return root == null || build.startsWith(root);
    }

    /** The build with this URL; null if there is none that the user may read. */
    @CheckForNull
    Run<?, ?> build(@CheckForNull String url) {
        return url == null
                ? null
                : BuildUrl.parse(url)
                        .flatMap(address -> job(address).map(job -> job.getBuildByNumber(address.number())))
                        .orElse(null);
    }

    private Optional<Job<?, ?>> job(BuildUrl url) {
        return jobs.computeIfAbsent(url.jobPath(), path -> Optional.ofNullable(url.job()));
    }
}
