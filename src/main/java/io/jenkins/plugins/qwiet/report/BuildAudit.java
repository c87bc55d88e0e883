package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.console.HyperlinkNote;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.audit.Audit;
import io.jenkins.plugins.qwiet.audit.AuditLog;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.AuditResult;
import io.jenkins.plugins.qwiet.audit.AuditSubject;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.grant.Await;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** Audits the organization's tokens for a build: revokes, lists, keeps the report, says so in the log. Blocks. */
final class BuildAudit {
    private static final Logger LOGGER = Logger.getLogger(BuildAudit.class.getName());

    /** What Qwiet does not answer by then is the janitor's; the list then shows what is still live. */
    private static final long LONGEST_REVOCATION_SECONDS = 30;

    private final Run<?, ?> run;
    private final TaskListener log;

    BuildAudit(@NonNull Run<?, ?> run, @NonNull TaskListener log) {
        this.run = run;
        this.log = log;
    }

    /**
     * Audits. Interrupting ends the call to Qwiet at once; revocations that were begun go on.
     *
     * @throws hudson.AbortException if a setting or the credential is missing or wrong
     */
    @NonNull
    AuditReport audit(@NonNull AuditOptions options) throws IOException, InterruptedException {
        if (options.revoke()) {
            Await.atMost(LONGEST_REVOCATION_SECONDS, new TokenRevoker(run, log).giveBackAll());
        }
        QwietClient client = QwietConnections.get()
                .of(run, options.credentialsId(), options.orgId())
                .client();
        var subject = subject(client.organization(), new ListQuery(options.includeExpired(), false));
        var audit = new Audit(
                subject, options.rules(), PreviousAudits.before(run, client.organization()), Clock.systemUTC());
        var outcome = Await.on(client.list(subject.query(), audit));
        AuditResult result = audit.finish(outcome, new AuditedBuilds());
        AuditLog.lines(result.report()).forEach(log.getLogger()::println);
        sayWhatTheListIsNotAbout(client.organization());
        keep(result);
        return result.report();
    }

    private AuditSubject subject(Organization organization, ListQuery query) {
        String root = Jenkins.get().getRootUrl();
        return new AuditSubject(
                organization, query, run.getFullDisplayName(), root == null ? "" : root + run.getUrl(), own());
    }

    private List<BuildToken> own() {
        return tokens().stream().map(BuildAudit::recorded).toList();
    }

    private void sayWhatTheListIsNotAbout(Organization organization) {
        long elsewhere = tokens().stream()
                .filter(token ->
                        token.getRevokedAt() == null && !token.getOrgId().equals(organization.orgId()))
                .count();
        if (elsewhere > 0) {
            log.getLogger().println(Messages.BuildAudit_elsewhere(elsewhere));
        }
    }

    private List<TokenRecord> tokens() {
        return BuildTokens.of(run).map(BuildTokens::getTokens).orElse(List.of());
    }

    private static BuildToken recorded(TokenRecord token) {
        return BuildToken.recorded(
                token.getId(), token.getLabel(), token.getMintedAt(), token.getExpiresAt(), token.getRevokedAt());
    }

    /** A report that cannot be kept is a pity, and not the build's failure: its verdict stands. */
    private void keep(AuditResult result) {
        try {
            QwietTokensAction.reportOf(run).write(result);
            if (run.getAction(QwietTokensAction.class) == null) {
                run.addAction(new QwietTokensAction());
                run.save();
            }
            log.getLogger()
                    .println(HyperlinkNote.encodeTo(
                            "/" + run.getUrl() + QwietTokensAction.URL, Messages.BuildAudit_details()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not keep the audit of " + run);
            log.error(Messages.BuildAudit_notKept(e.getMessage()));
        }
    }
}
