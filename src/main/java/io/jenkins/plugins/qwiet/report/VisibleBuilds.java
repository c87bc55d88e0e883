package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.TokenRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * The builds of this Jenkins as the one who looks may see them: for one request, on its thread. Of a job that may not be
 * read nothing is told, not even whether it exists.
 */
final class VisibleBuilds {
    private final Map<String, Optional<Job<?, ?>>> jobs = new HashMap<>();

    /** To an administrator, a job that does not exist is not one that may not be read. */
    private final boolean everything = Jenkins.get().hasPermission(Jenkins.ADMINISTER);

    /** The row, without what only those may know who may read the job of its build. */
    @NonNull
    TokenRow row(@NonNull TokenRow row) {
        String build = row.build();
        boolean readable = everything
                || build == null
                || BuildUrl.parse(build).map(this::job).map(Optional::isPresent).orElse(false);
        return readable ? row : row.withoutBuildState();
    }

    /** The build at this address; null if there is none that may be read. */
    @CheckForNull
    Run<?, ?> find(@CheckForNull String url) {
        return url == null
                ? null
                : BuildUrl.parse(url)
                        .flatMap(address -> job(address).map(job -> job.getBuildByNumber(address.number())))
                        .orElse(null);
    }

    private Optional<Job<?, ?>> job(BuildUrl address) {
        return jobs.computeIfAbsent(address.jobPath(), path -> Optional.ofNullable(address.job()));
    }
}
