package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.config.Connection;
import io.jenkins.plugins.qwiet.config.EffectiveSettings;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.config.SettingRules;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.redact.BuildMask;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * A user's arguments with all defaults filled in.
 *
 * @param connection to the organization and with the service account that apply
 * @param mint what is asked of Qwiet
 * @param asOf the {@link Leasing#moment()} when job and account were called so
 * @param variable that will hold the value
 * @param orgVariable that will hold the organization's id
 */
record ResolvedRequest(
        @NonNull Connection connection,
        @NonNull MintRequest mint,
        long asOf,
        @NonNull String variable,
        @NonNull String orgVariable) {

    /**
     * Looks up settings and credential, so not for the CPS thread.
     *
     * @param asOf the {@link Leasing#moment()} before
     * @throws AbortException if something is missing or wrong, with a sentence that says what to do
     */
    @NonNull
    static ResolvedRequest of(@NonNull Run<?, ?> run, @NonNull TokenRequest request, long asOf) throws AbortException {
        // Not for a successor: what a folder enforces since then must not end a build's token before the build.
        var effective = EffectiveSettings.of(run.getParent());
        String problem = effective.lifetimeProblem(request.lifetime());
        if (problem != null) {
            throw new AbortException(problem);
        }
        return of(run, request, asOf, () -> {
            effective.checkVariables(request.variable, request.orgVariable);
            return QwietConnections.get().of(run, request.credentialsId, request.orgId);
        });
    }

    /**
     * For a successor: with the account that minted the token before it, also if the job, the credential or the
     * settings have changed since; as {@link #of}.
     */
    @NonNull
    static ResolvedRequest again(
            @NonNull Run<?, ?> run, @NonNull TokenRequest request, @CheckForNull Lease before, long asOf)
            throws AbortException {
        return of(run, request, asOf, () -> again(run, request.credentialsId, request.orgId, before));
    }

    /** Only if the account is gone, or nobody knows any more which it was, with what applies now. */
    private static Connection again(
            Run<?, ?> run, @CheckForNull String credentialsId, @CheckForNull String orgId, @CheckForNull Lease before)
            throws AbortException {
        Connection same = before == null
                ? null
                : QwietConnections.get().again(run, credentialsId, before).orElse(null);
        return same != null ? same : QwietConnections.get().of(run, credentialsId, orgId);
    }

    private interface Connecting {
        Connection connect() throws AbortException;
    }

    private static ResolvedRequest of(Run<?, ?> run, TokenRequest request, long asOf, Connecting connecting)
            throws AbortException {
        String problem = RequestRules.problems(request);
        if (problem != null) {
            throw new AbortException(problem);
        }
        if (Stream.of(request.label, request.description)
                .filter(Objects::nonNull)
                .anyMatch(BuildMask.of(run).mask()::reveals)) {
            // Both would go to Qwiet, into a lease on disk and onto pages.
            throw new AbortException(Messages.ResolvedRequest_tokenInText());
        }
        Connection connection = connecting.connect();
        var settings = connection.settings();
        if (!connection.accountIsFindable() && settings.onlyFindableAccounts()) {
            throw new AbortException(
                    Messages.ResolvedRequest_notFindable(connection.account().credentialsId()));
        }
        String variable = request.variable != null ? request.variable : settings.variable();
        String orgVariable = request.orgVariable != null ? request.orgVariable : settings.orgVariable();
        String clash = SettingRules.sameVariable(variable, orgVariable);
        if (clash != null) {
            throw new AbortException(clash);
        }
        return new ResolvedRequest(
                connection,
                new MintRequest(
                        request.label != null ? request.label : defaultLabel(run),
                        request.description != null ? request.description : "",
                        request.validFor != null ? Duration.ofSeconds(request.validFor) : settings.validity(),
                        connection.account(),
                        run.getExternalizableId(),
                        url(run)),
                asOf,
                variable,
                orgVariable);
    }

    private static String defaultLabel(Run<?, ?> run) {
        String number = " #" + run.getNumber();
        return DisplayText.cut(
                        asPeopleWriteIt(run.getParent().getFullName()), RequestRules.LONGEST_LABEL - number.length())
                + number;
    }

    /** A branch's job is named by its URL, {@code feature%2Fx}; no other name may have a percent sign. */
    static String asPeopleWriteIt(String fullName) {
        try {
            return URLDecoder.decode(fullName.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fullName;
        }
    }

    private static String url(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        return root == null ? "" : root + run.getUrl();
    }

    String orgId() {
        return connection.client().organization().orgId();
    }
}
