package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.HashMap;
import java.util.Map;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/**
 * The user of the calling thread, who may see tokens of all builds, but not the names of all jobs: Overall/SystemRead
 * gives nobody a job to read. Administrators see all, also what belongs to a job that is gone. For one thread.
 */
final class Reader {
    private final boolean administers = Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    private final Map<String, Boolean> readable = new HashMap<>();

    /** The lease, without label, build and account if its job is none of this user's business. */
    @NonNull
    Lease show(@NonNull Lease lease) {
        return administers || readable.computeIfAbsent(job(lease.buildId()), Reader::mayRead)
                ? lease
                : lease.anonymous();
    }

    private static String job(String buildId) {
        return buildId.substring(0, Math.max(0, buildId.lastIndexOf('#')));
    }

    private static boolean mayRead(String job) {
        try {
            return Jenkins.get().getItemByFullName(job, Job.class) != null;
        } catch (AccessDeniedException e) {
            return false; // Item/Discover without Item/Read.
        }
    }
}
