package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/**
 * The user of the calling thread, who may see tokens of all builds, but not the names of all jobs: Overall/SystemRead
 * gives nobody a job to read. Administrators see all, also what belongs to a job that is gone. Whatever is shown of leases,
 * or said of what went wrong with them, comes by here first. For one thread.
 */
final class Reader {
    /** What can be told of a failure to everybody: the status, and Qwiet's own word for it. */
    private static final Pattern STATUS =
            Pattern.compile("^(?:Qwiet said|HTTP) \\d{3}(?: [A-Z][A-Z0-9_]{0,40})?(?![\\w-])");

    /** An account of leases that this user may see. */
    private record Known(Organization organization, Account account) {}

    private final boolean administers = Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    private final Map<String, Boolean> readable = new HashMap<>();
    private final Set<Known> known = new HashSet<>();

    /** Whether nothing is kept from this user. */
    boolean seesAll() {
        return administers;
    }

    /** The leases, without label, build, account and what tells of these, where the job is none of this user's business. */
    @NonNull
    List<Lease> show(@NonNull Collection<Lease> leases) {
        return leases.stream().map(this::show).toList();
    }

    /** The same of one. */
    @NonNull
    Lease show(@NonNull Lease lease) {
        if (administers) {
            return lease;
        } else if (readable.computeIfAbsent(lease.job(), Reader::mayRead)) {
            known.add(new Known(lease.organization(), lease.account()));
            return lease;
        }
        return lease.anonymous(lease.lastError() == null ? "" : withoutNames(lease.lastError()));
    }

    /** What is left alone, with the account's name if a lease that this user {@linkplain #show was shown} names it. */
    @NonNull
    String show(@NonNull Janitor.Pause pause) {
        Organization organization = pause.organization();
        Account account = pause.account();
        if (administers
                || organization == null
                || account == null
                || known.contains(new Known(organization, account))) {
            return pause.what();
        }
        return Messages.Reader_pause(
                organization.orgId(), organization.address().base());
    }

    private static String withoutNames(String reason) {
        Matcher status = STATUS.matcher(reason);
        return status.find() ? Messages.Reader_failure(status.group()) : Messages.Reader_unknownFailure();
    }

    private static boolean mayRead(String job) {
        try {
            return !job.isEmpty() && Jenkins.get().getItemByFullName(job, Job.class) != null;
        } catch (AccessDeniedException e) {
            return false; // Item/Discover without Item/Read.
        }
    }
}
