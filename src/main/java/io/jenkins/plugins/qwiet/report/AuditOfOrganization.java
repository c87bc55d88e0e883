package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.LastAudits;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.Account;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the numbers of an audit as the last ones of its organization, for the page of all organizations. */
final class AuditOfOrganization {
    private static final Logger LOGGER = Logger.getLogger(AuditOfOrganization.class.getName());

    private AuditOfOrganization() {}

    /**
     * Without a list there are no numbers, and the last ones stay.
     *
     * @param account that listed the tokens
     */
    static void keep(@NonNull Run<?, ?> run, @NonNull AuditReport report, @NonNull Account account) {
        if (!report.listed()) {
            return;
        }
        var audit = new LastAudits.LastAudit(
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                report.api(),
                report.orgId(),
                run.getExternalizableId(),
                report.counts(),
                report.partial(),
                account);
        try {
            new LastAudits(JenkinsLeases.folder().resolve(LastAudits.FILE_NAME)).keep(audit);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Not kept as the last audit of its organization: that of " + run);
        }
    }
}
