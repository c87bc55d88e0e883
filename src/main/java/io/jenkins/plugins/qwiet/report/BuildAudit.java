package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Util;
import hudson.console.HyperlinkNote;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.accounts.AccountExpression;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.Retry;
import io.jenkins.plugins.qwiet.audit.Audit;
import io.jenkins.plugins.qwiet.audit.AuditLog;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.BuildToken;
import io.jenkins.plugins.qwiet.audit.Rules;
import io.jenkins.plugins.qwiet.audit.StoredReport;
import io.jenkins.plugins.qwiet.config.Connection;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.grant.Await;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.BuildsOfLeases;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.OtherBranches;
import io.jenkins.plugins.qwiet.grant.OwnNonces;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Audits the organization's tokens for a build: revokes the build's own, lists all, stores the report and prints it in
 * the log. Blocks.
 */
final class BuildAudit {
    private static final Logger LOGGER = Logger.getLogger(BuildAudit.class.getName());

    /** What Qwiet does not answer by then is left to the janitor; the list then shows what is still live. */
    private static final long LONGEST_REVOCATION_SECONDS = 30;

    /** A list that still has what was revoked may only be late: it is asked for again, after so long. */
    private static final int[] SECONDS_BEFORE_ANOTHER_LOOK = {1, 2, 4};

    /** A difference of the clocks that only the way of a call, or of a long list, may have made. */
    private static final Duration NO_SKEW = Duration.ofSeconds(10);

    /** Builds in which the previous audit is looked for: each of them is read from disk. */
    private static final int MOST_EARLIER_BUILDS = 50;

    private final QwietTokenAudit step;
    private final Rules rules;
    private final Run<?, ?> run;
    private final TaskListener log;

    /** @throws AbortException if an argument of the step is not valid, with a sentence that says which */
    BuildAudit(@NonNull QwietTokenAudit step, @NonNull Run<?, ?> run, @NonNull TaskListener log) throws AbortException {
        this.step = step;
        this.rules = RuleArguments.of(step);
        this.run = run;
        this.log = log;
    }

    /**
     * Audits. Interrupting ends the call to Qwiet at once; revocations that have begun go on.
     *
     * <p>If a setting or the service account is missing or wrong, the list cannot be had: that is a rule of its own, and
     * no more an error than an outage.
     */
    @NonNull
    AuditReport audit() throws IOException, InterruptedException {
        var tokens = new TokenRevoker(run, log);
        Await.atMost(LONGEST_REVOCATION_SECONDS, step.isRevoke() ? tokens.revokeUnused() : tokens.whenRevoked());
        Connection connection;
        try {
            connection = connection();
        } catch (AbortException e) {
            return keep(new Audit(subject(null), rules, null, Clock.systemUTC()).finishWithoutList(e.getMessage()));
        }
        QwietClient client = connection.client();
        Organization organization = client.organization();
        var subject = subject(organization);
        StoredReport previous = previous(organization);
        Audit.Result result = look(client, subject, previous);
        for (int i = 0; i < SECONDS_BEFORE_ANOTHER_LOOK.length && result.listsWhatWasRevoked(); i++) {
            Await.on(new CompletableFuture<Void>()
                    .completeOnTimeout(null, SECONDS_BEFORE_ANOTHER_LOOK[i], TimeUnit.SECONDS));
            result = look(client, subject(organization), previous);
        }
        AuditOfOrganization.keep(run, result.report(), connection.account());
        return keep(result);
    }

    /**
     * With the arguments of the step as they are meant: what stands in a freestyle job's form may have variables in it, what
     * Groovy left in a Pipeline is meant as it stands.
     */
    private Connection connection() throws IOException, InterruptedException {
        String account = step.getCredentialsId();
        String orgId = step.getOrgId();
        if (run instanceof AbstractBuild<?, ?> build) {
            EnvVars env = AccountExpression.variables(build, log);
            account = AccountExpression.of(build, env, account);
            orgId = Util.fixEmptyAndTrim(env.expand(orgId));
        }
        return QwietConnections.get().of(run, account, orgId);
    }

    /** Says what the audit found, and stores it. */
    private AuditReport keep(Audit.Result result) {
        AuditLog.lines(result.report()).forEach(log.getLogger()::println);
        if (!result.report().orgId().isEmpty()) {
            countTokensElsewhere(result.report().orgId());
        }
        store(result);
        return result.report();
    }

    private Audit.Result look(QwietClient client, Audit.Subject subject, @CheckForNull StoredReport previous)
            throws IOException, InterruptedException {
        Instant before = client.clock().now();
        long begun = System.nanoTime();
        Audit.Result result = lookOnce(client, subject, previous);
        Duration passed = Duration.ofNanos(System.nanoTime() - begun);
        Duration off = Duration.between(before.plus(passed), client.clock().now());
        // That Qwiet's clock is another may be known from this very list.
        return off.abs().compareTo(NO_SKEW) <= 0 ? result : lookOnce(client, subject, previous);
    }

    private Audit.Result lookOnce(QwietClient client, Audit.Subject subject, @CheckForNull StoredReport previous)
            throws IOException, InterruptedException {
        var qwiets = Clock.fixed(client.clock().now(), ZoneOffset.UTC);
        var audit = new Audit(subject, rules, previous, qwiets);
        var said = new SaidRetries(client.organization().address().base());
        audit.onRetry(said::say);
        Outcome<Listed> outcome = Await.on(client.list(subject.query(), audit));
        said.all.join();
        return audit.finish(outcome, ListedBuilds::find);
    }

    /** Nobody has to wonder why a build stands still. */
    private final class SaidRetries {
        private final String address;
        private volatile CompletableFuture<Void> all = CompletableFuture.completedFuture(null);

        SaidRetries(String address) {
            this.address = address;
        }

        /** Elsewhere: a log may be slow, and whoever tells this must not wait. */
        void say(Retry retry) {
            all = all.thenRunAsync(
                            () -> log.getLogger().println(words(retry)),
                            JenkinsLeases.get().threads())
                    .exceptionally(problem -> {
                        LOGGER.log(Level.WARNING, problem, () -> "Could not write into the log of " + run);
                        return null;
                    });
        }

        private String words(Retry retry) {
            String reason = DisplayText.clause(DisplayText.line(retry.reason()));
            // Rounded up: never sooner than it says.
            long seconds = retry.after().plusMillis(999).toSeconds();
            return seconds == 0
                    ? Messages.BuildAudit_retryNow(address, reason)
                    : Messages.BuildAudit_retry(address, reason, String.valueOf(seconds));
        }
    }

    private Audit.Subject subject(@CheckForNull Organization organization) {
        String root = Jenkins.get().getRootUrl();
        var others = OtherBranches.of(run);
        List<TokenRecord> records = tokens();
        Collection<Lease> open = leases();
        Set<String> notRevoked =
                open.stream().filter(BuildAudit::isNotRevoked).map(Lease::nonce).collect(Collectors.toSet());
        List<BuildToken> own = records.stream()
                .map(token -> recorded(token, notRevoked.contains(token.nonce()), others))
                .toList();
        Set<String> known = records.stream().map(TokenRecord::nonce).collect(Collectors.toSet());
        // What was asked for in vain may exist nevertheless: its lease knows, the record does not.
        List<Lease> unknown = open.stream()
                .filter(lease -> lease.buildId().equals(run.getExternalizableId()))
                .filter(lease -> !known.contains(lease.nonce()))
                .filter(lease -> BuildsOfLeases.isOf(run, lease))
                .toList();
        // What another branch or a renewal is just asking for is not left behind.
        Stream<String> onTheWay = unknown.stream()
                .filter(lease -> lease.releasedAt() == null && (others.areRunning() || isOnTheWay(lease)))
                .map(Lease::nonce);
        return new Audit.Subject(
                organization,
                new ListQuery(step.isIncludeExpired(), false),
                run.getFullDisplayName(),
                root == null ? "" : root + run.getUrl(),
                own,
                Stream.concat(known.stream(), unknown.stream().map(Lease::nonce))
                        .collect(Collectors.toSet()),
                Stream.concat(
                                records.stream()
                                        .filter(token -> isInUse(token, others))
                                        .map(TokenRecord::id),
                                onTheWay)
                        .collect(Collectors.toSet()),
                LeasedTokens.states(open, others(), run),
                LeasedTokens.revokedLately(),
                OwnNonces::isOwn);
    }

    private BuildToken recorded(TokenRecord token, boolean notRevoked, OtherBranches others) {
        BuildToken recorded = BuildToken.recorded(
                        token.id(), token.label(), token.mintedAt(), token.expiresAt(), token.revokedAt())
                .inLine(OwnTokenView.lineOf(token), token.number())
                .expired(token.expiredAt());
        return notRevoked ? recorded.notRevoked(isInUse(token, others)) : recorded;
    }

    /** Whether nobody has tried to revoke it, or Qwiet said that Jenkins may not; an answer that was lost says nothing. */
    private static boolean isNotRevoked(Lease lease) {
        return lease.state() == Lease.State.LIVE || lease.state() == Lease.State.UNREVOCABLE;
    }

    /** The nearest earlier audit of this organization by a build of the job; null if none of the last builds has one. */
    @CheckForNull
    private StoredReport previous(Organization organization) {
        Run<?, ?> earlier = run.getPreviousBuild();
        for (int i = 0; i < MOST_EARLIER_BUILDS && earlier != null; i++) {
            StoredReport report = QwietTokensAction.reportOf(earlier);
            if (Files.isRegularFile(report.file()) && isComparable(report, organization)) {
                return report;
            }
            earlier = earlier.getPreviousBuild();
        }
        return null;
    }

    private static boolean isComparable(StoredReport stored, Organization organization) {
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

    /** Says how many tokens of the build the list cannot tell anything about. */
    private void countTokensElsewhere(String orgId) {
        long elsewhere = tokens().stream()
                .filter(TokenRecord::mayBeLive)
                .filter(token -> !token.orgId().equals(orgId))
                .count();
        if (elsewhere > 0) {
            log.getLogger().println(Messages.BuildAudit_elsewhere(String.valueOf(elsewhere)));
        }
    }

    private boolean isInUse(TokenRecord token, OtherBranches others) {
        return BuildTokens.of(run)
                .filter(tokens -> others.mayUse(token, tokens.getTokens()))
                .isPresent();
    }

    /** Whether it was asked for a moment ago: its record comes next. */
    private static boolean isOnTheWay(Lease lease) {
        try {
            return lease.tokenId() != null || JenkinsLeases.get().leasing().isMinting(lease.nonce());
        } catch (AbortException e) {
            return false;
        }
    }

    /** The open ones of all builds; none if they cannot be read, which the log then says. */
    private Collection<Lease> leases() {
        try {
            return JenkinsLeases.get().leasing().store().leases();
        } catch (AbortException e) {
            if (!step.isRevoke()) {
                log.error(e.getMessage()); // Or else it was said when tokens were to be revoked.
            }
            return List.of();
        }
    }

    private static Collection<Lease> others() {
        try {
            return JenkinsLeases.get().leasing().store().others().all();
        } catch (AbortException e) {
            return List.of(); // Which was said when the open ones were to be read.
        }
    }

    private List<TokenRecord> tokens() {
        return BuildTokens.of(run).map(BuildTokens::getTokens).orElse(List.of());
    }

    /** Branches may end their audits at once: the build gets one page. */
    private static synchronized boolean addPage(Run<?, ?> run) {
        boolean isMissing = run.getAction(QwietTokensAction.class) == null;
        if (isMissing) {
            run.addAction(new QwietTokensAction());
        }
        return isMissing;
    }

    /** A report that cannot be stored does not fail the build: its verdict stands. */
    private void store(Audit.Result result) {
        try {
            QwietTokensAction.reportOf(run).write(result);
            if (addPage(run)) {
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
