package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Lets leases follow a job to its new name or place, and ends them with it. */
@Extension
public class JobListener extends ItemListener {
    private static final Logger LOGGER = Logger.getLogger(JobListener.class.getName());

    @Override
    public void onLocationChanged(@NonNull Item item, @NonNull String oldFullName, @NonNull String newFullName) {
        QwietConnections.get().moved(oldFullName, newFullName);
        JenkinsLeases.get().move(oldFullName, newFullName).whenComplete((moved, problem) -> {
            warn(oldFullName, problem);
            // It may have come to where its account is.
            RetryOnChange.retry(RetryOnChange.concernedBy(item));
        });
    }

    /** A folder that is made from a file brings its credentials along, and nobody saves it. */
    @Override
    public void onCreated(@NonNull Item item) {
        if (item instanceof ItemGroup<?>) {
            RetryOnChange.retry(RetryOnChange.concernedBy(item));
        }
    }

    private static void warn(String job, @CheckForNull Throwable problem) {
        if (problem != null) {
            LOGGER.log(Level.WARNING, problem, () -> "Leases of " + job + " may be taken for those of no build");
        }
    }

    /**
     * Jenkins does not mention the builds that are deleted with their job, nor the jobs within a job: configurations of a
     * matrix, promotions.
     */
    @Override
    public void onDeleted(@NonNull Item item) {
        String name = item.getFullName();
        try {
            List<Lease> leases = JenkinsLeases.get().leasing().store().leases().stream()
                    .filter(lease -> lease.buildId().startsWith(name + "#")
                            || lease.buildId().startsWith(name + "/"))
                    .toList();
            if (!leases.isEmpty()) {
                DeletedJobs.recall(leases);
            }
        } catch (AbortException e) {
            LOGGER.log(Level.WARNING, e.getMessage());
        }
    }
}
