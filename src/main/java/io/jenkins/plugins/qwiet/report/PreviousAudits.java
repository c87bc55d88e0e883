package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.PreviousAudit;
import io.jenkins.plugins.qwiet.audit.StoredReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Finds the last audit that a new one can be compared with. */
final class PreviousAudits {
    private static final Logger LOGGER = Logger.getLogger(PreviousAudits.class.getName());

    /** Builds that are looked at: each of them is read from disk. */
    private static final int MOST = 50;

    private PreviousAudits() {}

    /** The nearest earlier build of the job that has a list of this organization; null if none of the last has. */
    @CheckForNull
    static PreviousAudit before(@NonNull Run<?, ?> run, @NonNull Organization organization) {
        Run<?, ?> earlier = run.getPreviousBuild();
        for (int i = 0; i < MOST && earlier != null; i++) {
            StoredReport report = QwietTokensAction.reportOf(earlier);
            if (Files.isRegularFile(report.file()) && isList(report, organization)) {
                return report;
            }
            earlier = earlier.getPreviousBuild();
        }
        return null;
    }

    private static boolean isList(StoredReport stored, Organization organization) {
        try {
            AuditReport report = stored.report();
            return report.listed()
                    && report.orgId().equals(organization.orgId())
                    && report.api().equals(organization.address().base());
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "passing over " + stored.file());
            return false;
        }
    }
}
