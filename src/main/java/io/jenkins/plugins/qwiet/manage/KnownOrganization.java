package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.audit.LastAudits;
import io.jenkins.plugins.qwiet.audit.LastAudits.LastAudit;
import io.jenkins.plugins.qwiet.config.GlobalOrganization;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An organization that this Jenkins works with: that of the global settings, of an audit, or of a token that is not revoked.
 *
 * @param account with which it can be asked; null if only accounts are known that are a user's own
 * @param lastAudit null if none is known
 */
record KnownOrganization(
        @NonNull Organization organization,
        @CheckForNull Account account,
        @CheckForNull LastAudit lastAudit) {

    /** That of the global settings first, then those audited last. Looks a credential up, and reads a small file. */
    @NonNull
    static Collection<KnownOrganization> all() {
        Map<Organization, KnownOrganization> all = new LinkedHashMap<>();
        GlobalOrganization.find().ifPresent(global -> add(all, global.organization(), global.account(), null));
        for (LastAudit audit : audits()) {
            try {
                var organization = new Organization(ApiAddress.parse(audit.api()), audit.orgId());
                add(all, organization, audit.account(), audit);
            } catch (IllegalArgumentException e) {
                // Somebody wrote the file.
                continue;
            }
        }
        leases().forEach(lease -> add(all, lease.organization(), lease.account(), null));
        return all.values();
    }

    private static void add(
            Map<Organization, KnownOrganization> all,
            Organization organization,
            Account account,
            @CheckForNull LastAudit audit) {
        Account ofJenkins = account.user() == null ? account : null;
        all.merge(
                organization,
                new KnownOrganization(organization, ofJenkins, audit),
                (known, same) -> new KnownOrganization(
                        organization,
                        known.account == null ? same.account : known.account,
                        known.lastAudit == null ? same.lastAudit : known.lastAudit));
    }

    private static List<LastAudit> audits() {
        return new LastAudits(JenkinsLeases.folder().resolve(LastAudits.FILE_NAME)).all(Instant.now());
    }

    private static Stream<Lease> leases() {
        try {
            return JenkinsLeases.get().leasing().store().leases().stream();
        } catch (AbortException e) {
            return Stream.empty(); // Which the page says.
        }
    }
}
