package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import jenkins.model.Jenkins;

/**
 * Decides who may see the organization's tokens in a build's report: who may configure the job, since with the job goes
 * the use of its service account. Everybody else who may read the build sees its own tokens, numbers and verdicts.
 */
final class OrganizationAccess {
    private OrganizationAccess() {}

    /** Whether the calling thread's user may see them. */
    static boolean isAllowed(@NonNull Run<?, ?> run) {
        Item item = run.getParent();
        while (!item.hasPermission(Item.CONFIGURE)) {
            // The jobs of branches cannot be configured by anybody: there it is the multibranch project that counts.
            ItemGroup<?> group = item.getParent();
            if (!(group instanceof Item above)) {
                return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
            }
            item = above;
        }
        return true;
    }

    /** @throws org.springframework.security.access.AccessDeniedException if that user may not see them */
    static void check(@NonNull Run<?, ?> run) {
        if (!isAllowed(run)) {
            run.getParent().checkPermission(Item.CONFIGURE);
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        }
    }
}
