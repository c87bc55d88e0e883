package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.TokenRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * Decides how much of a build's report the calling thread's user may see, for one request and on its thread.
 *
 * <p>The organization's tokens are for those who may configure the job, since with the job comes the use of its service
 * account. Everybody else who may read the build sees its own tokens, numbers and verdicts. Of a job that the user may
 * not read nothing is told, not even whether it exists.
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
        Item item = run.getParent();
        while (!item.hasPermission(Item.CONFIGURE)) {
            // Nobody may configure the jobs of branches: there the multibranch project decides.
            ItemGroup<?> group = item.getParent();
            if (!(group instanceof Item above)) {
                return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
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
        return toOrganization() ? report : report.forReaders();
    }

    /** The row, without what only users who may read the job of its build may know. */
    @NonNull
    TokenRow visible(@NonNull TokenRow row) {
        String build = row.build();
        boolean readable = everyJob
                || build == null
                || BuildUrl.parse(build).flatMap(this::job).isPresent();
        return readable ? row : row.withoutBuildState();
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
