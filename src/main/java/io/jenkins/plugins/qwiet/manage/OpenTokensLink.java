package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Revocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * The page "Unrevoked Qwiet tokens" under Manage Jenkins, with its REST API: to be seen with Overall/SystemRead, to be acted on
 * by administrators.
 */
@Extension
@Symbol("qwietCiTokens")
public class OpenTokensLink extends ManagementLink implements StaplerProxy {
    static final String URL = "qwiet-ci-tokens";

    private final OngoingActs ongoing = new OngoingActs();
    private final Organizations organizations = new Organizations(ongoing);

    @Override
    public String getIconFileName() {
        return "symbol-key";
    }

    @Override
    public String getDisplayName() {
        return Messages.OpenTokensLink_displayName();
    }

    /** Of acts, only to those who may do them. */
    @Override
    public String getDescription() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                ? Messages.OpenTokensLink_description()
                : Messages.OpenTokensLink_descriptionToRead();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    @Override
    @NonNull
    public Category getCategory() {
        return Category.SECURITY;
    }

    @Override
    @NonNull
    public Permission getRequiredPermission() {
        return Jenkins.SYSTEM_READ;
    }

    /** Refuses everybody who may not see the page, whatever is requested below it. */
    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return this;
    }

    /**
     * The page that the current request asks for.
     *
     * @throws AbortException if the leases cannot be read or written, with a sentence that says where
     */
    @NonNull
    public OpenTokensPage getPage() throws AbortException {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        return new OpenTokensPage(OpenTokens.now(), filter(request), sort(request), number(request));
    }

    /** What the current request asks for, as the query of another address. */
    @NonNull
    public String getQuery() {
        return filter(Stapler.getCurrentRequest2()).query(1);
    }

    /** The query of the page that is looked at, in its order; an act leads back there. */
    @NonNull
    public String getHere() {
        return here(Stapler.getCurrentRequest2());
    }

    private static String here(StaplerRequest2 request) {
        return filter(request).query(number(request)) + sort(request).query();
    }

    /** Why there is no page; empty if there is one. */
    @NonNull
    public String getProblem() {
        return OpenTokens.problem();
    }

    /** That the clocks of Qwiet and of this Jenkins differ too much; empty if they do not. */
    @NonNull
    public String getSkew() {
        return Util.fixNull(QwietConnections.get().skew());
    }

    /** The page of organizations, below this one. */
    @NonNull
    public Organizations getOrganizations() {
        return organizations;
    }

    /** The REST API. */
    @NonNull
    public Api getApi() {
        return new Api();
    }

    /** The same as {@link #getApi()}, as a download. */
    @GET
    @WebMethod(name = "tokens.json")
    public void doJson(@QueryParameter String q, @QueryParameter String state, StaplerResponse2 rsp)
            throws IOException {
        rsp.setHeader("Content-Disposition", "attachment; filename=\"qwiet-open-tokens.json\"");
        getApi().doJson(q, state, rsp);
    }

    /** Answers {@code …/qwiet-ci-tokens/api/json}. */
    public static final class Api {
        /** All open tokens that match the filter, not by pages. */
        @GET
        public void doJson(@QueryParameter String q, @QueryParameter String state, StaplerResponse2 rsp)
                throws IOException {
            Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
            String problem = OpenTokenFilter.problem(state);
            if (problem != null) {
                rsp.sendError(400, problem);
                return;
            }
            String json;
            try {
                json = OpenTokensJson.of(OpenTokens.now(), OpenTokenFilter.parse(q, state));
            } catch (AbortException e) {
                rsp.sendError(500, e.getMessage());
                return;
            }
            rsp.setContentType("application/json;charset=UTF-8");
            rsp.setHeader("X-Content-Type-Options", "nosniff");
            rsp.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Revokes the token of one lease, if it is still open. */
    @RequirePOST
    public HttpResponse doRevoke(@QueryParameter String nonce, StaplerRequest2 request) {
        return act(
                request,
                store -> revoke(
                        nonce == null ? List.of() : store.find(nonce).stream().toList(), store, request));
    }

    /**
     * Revokes all tokens of a build that are still open.
     *
     * @param build as it was called when the page was shown
     * @param nonce of one of its leases, which knows what it is called now; may be null
     * @param until when the newest of those was opened that the page showed, as an ISO 8601 instant: what came later is not what
     *     somebody saw. Null for all
     */
    @RequirePOST
    public HttpResponse doRevokeBuild(
            @QueryParameter String build,
            @QueryParameter String nonce,
            @QueryParameter String until,
            StaplerRequest2 request) {
        Instant last;
        try {
            last = Util.fixEmpty(until) == null ? Instant.MAX : Instant.parse(until);
        } catch (DateTimeParseException e) {
            throw HttpResponses.error(400, "until=" + until + " is not an instant such as 2026-08-01T12:00:00Z");
        }
        return act(
                request,
                store -> revoke(
                        ofBuild(store, build, nonce).stream()
                                .filter(lease -> !lease.openedAt().isAfter(last))
                                .toList(),
                        store,
                        request));
    }

    private static Collection<Lease> ofBuild(LeaseStore store, @CheckForNull String build, @CheckForNull String nonce) {
        Optional<Lease> one = nonce == null ? Optional.empty() : store.find(nonce);
        String now = one.map(Lease::buildId).orElse(build);
        return now == null ? List.of() : store.ofBuild(now);
    }

    private String revoke(List<Lease> some, LeaseStore store, StaplerRequest2 request) throws AbortException {
        Map<String, Revocation> outcomes = new ConcurrentHashMap<>();
        CompletableFuture<Void> work = TokenRevoker.recall(some, outcomes);
        return ongoing.leave(request, work, over -> new Acts(store, over).revoked(some, outcomes));
    }

    /** What an administrator asks for. Why it cannot be done is a notice on the page that follows. */
    private HttpResponse act(StaplerRequest2 request, Act act) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String id;
        try {
            id = act.on(JenkinsLeases.get().leasing().store());
        } catch (AbortException e) {
            id = ongoing.leave(
                    request, new Notice(Messages.OpenTokensLink_notDone(DisplayText.clause(e.getMessage())), false));
        }
        return leadTo(here(request) + "&" + OngoingActs.ACT + "=" + id);
    }

    private interface Act {
        /**
         * @return by what {@link #ongoing} knows it
         * @throws AbortException if the leases cannot be read or written, with a sentence that says where
         */
        String on(LeaseStore store) throws AbortException;
    }

    /** Makes the leases of an owner that rest this Jenkins' own, so that the janitor revokes what no build here uses. */
    @RequirePOST
    public HttpResponse doTakeOverResting(@QueryParameter String owner, StaplerRequest2 request) {
        return decide(Decision.TAKE_OVER, owner, request);
    }

    /** Leaves the leases that rest to their owner, another Jenkins that looks after their tokens. */
    @RequirePOST
    public HttpResponse doForgetResting(@QueryParameter String owner, StaplerRequest2 request) {
        return decide(Decision.FORGET, owner, request);
    }

    /** Lets the leases rest again that were left to an owner. */
    @RequirePOST
    public HttpResponse doRememberLeft(@QueryParameter String owner, StaplerRequest2 request) {
        return decide(Decision.REMEMBER, owner, request);
    }

    private HttpResponse decide(Decision decision, String owner, StaplerRequest2 request) {
        return act(request, store -> ongoing.leave(request, decision.make(store.others(), Util.fixEmpty(owner))));
    }

    /** Lets the janitor sweep now. */
    @RequirePOST
    public HttpResponse doSweep(StaplerRequest2 request) {
        return act(request, store -> {
            CompletableFuture<Janitor.Sweep> work =
                    JenkinsLeases.get().janitor().sweepAll();
            return ongoing.leave(request, work, over -> new Acts(store, over).swept(over == null ? null : work.join()));
        });
    }

    /** What became of an administrator's acts since the last page; empty if that was said, or there were none. */
    @NonNull
    public Notices takeNotices() {
        return new Notices(ongoing.take(Stapler.getCurrentRequest2()));
    }

    /** Not "./": a client that keeps the dot in the path would see a page twice among the breadcrumbs. */
    static HttpResponse leadTo(String below) {
        return HttpResponses.redirectViaContextPath("manage/" + URL + "/" + below);
    }

    private static OpenTokenFilter filter(StaplerRequest2 request) {
        return OpenTokenFilter.parse(request.getParameter("q"), request.getParameter("state"));
    }

    private static OpenTokenSort sort(StaplerRequest2 request) {
        return OpenTokenSort.parse(request.getParameter("sort"), request.getParameter("order"));
    }

    private static int number(StaplerRequest2 request) {
        try {
            return Integer.parseInt(request.getParameter("page"));
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
