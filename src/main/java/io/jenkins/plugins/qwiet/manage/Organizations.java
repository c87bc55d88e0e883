package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.ModelObject;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.LostTokenSearch;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.LostTokens.Lost;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * The page "Qwiet organizations" below that of unrevoked tokens: what the last audits found, and tokens of builds of this Jenkins
 * of which there is no lease. To be seen with Overall/SystemRead, without the tokens; to be acted on by administrators.
 */
public final class Organizations implements ModelObject, StaplerProxy {
    private static final Logger LOGGER = Logger.getLogger(Organizations.class.getName());

    private final OngoingActs ongoing;
    private final LostTokenLooks looks = new LostTokenLooks(Clock.systemUTC());

    /** @param ongoing of the page above, as a browser has one of it */
    Organizations(@NonNull OngoingActs ongoing) {
        this.ongoing = ongoing;
    }

    @Override
    public String getDisplayName() {
        return Messages.Organizations_displayName();
    }

    /** Of acts, only to those who may do them. */
    @NonNull
    public String getDescription() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                ? Messages.Organizations_description()
                : Messages.Organizations_descriptionToRead();
    }

    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return this;
    }

    /** Those that this Jenkins works with. */
    @NonNull
    public List<OrganizationRow> getRows() {
        return KnownOrganization.all().stream()
                .map(known -> new OrganizationRow(known, looks.last(known.organization())))
                .toList();
    }

    /** Whether leases say that another Jenkins uses, or used, a copy of this home. */
    public boolean isCopied() {
        try {
            var others = JenkinsLeases.get().leasing().store().others();
            return others.count() > 0 || !others.left().isEmpty();
        } catch (AbortException e) {
            return false;
        }
    }

    /** What became of an administrator's acts since the last page; empty if that was said, or there were none. */
    @NonNull
    public Notices takeNotices() {
        return new Notices(ongoing.take(Stapler.getCurrentRequest2()));
    }

    /** Answers {@code …/qwiet-ci-tokens/organizations/api/json}. */
    @NonNull
    public Api getApi() {
        return new Api();
    }

    /** The REST API. */
    public final class Api {
        /** What the page shows to the same user. */
        @GET
        public void doJson(StaplerResponse2 rsp) throws IOException {
            Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
            rsp.setContentType("application/json;charset=UTF-8");
            rsp.setHeader("X-Content-Type-Options", "nosniff");
            rsp.getOutputStream().write(OrganizationsJson.of(getRows()).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Looks for orphaned tokens without a lease in an organization. */
    @RequirePOST
    public HttpResponse doLook(@QueryParameter String org, @QueryParameter String api, StaplerRequest2 request) {
        return act(org, api, request, (row, account, store) -> {
            CompletableFuture<LostTokenSearch.Answer> work =
                    looks.look(row.known().organization(), account);
            return ongoing.leave(
                    request, work, over -> LostTokenActs.looked(row.id(), over == null ? null : work.join()));
        });
    }

    /** Revokes one that the last look found. */
    @RequirePOST
    public HttpResponse doRevoke(
            @QueryParameter String org,
            @QueryParameter String api,
            @QueryParameter String id,
            StaplerRequest2 request) {
        return act(org, api, request, (row, account, store) -> {
            Optional<LostTokenRow> one = row.tokens().stream()
                    .filter(each -> each.token().id().equals(id))
                    .findFirst();
            return one.isEmpty()
                    ? ongoing.leave(request, new Notice(Messages.Organizations_again(), false))
                    : revoke(row, account, List.of(one.get().token()), one.get().maker(), store, request);
        });
    }

    /** Revokes all that the last look found and whose builds are over here. */
    @RequirePOST
    public HttpResponse doRevokeAll(@QueryParameter String org, @QueryParameter String api, StaplerRequest2 request) {
        return act(org, api, request, (row, account, store) -> {
            List<Lost> some = row.tokens().stream()
                    .filter(each -> each.maker() == Maker.OVER)
                    .map(LostTokenRow::token)
                    .toList();
            return some.isEmpty()
                    ? ongoing.leave(request, new Notice(Messages.Organizations_again(), false))
                    : revoke(row, account, some, Maker.OVER, store, request);
        });
    }

    private String revoke(
            OrganizationRow row,
            Account account,
            List<Lost> some,
            Maker maker,
            LeaseStore store,
            StaplerRequest2 request) {
        Organization organization = row.known().organization();
        LOGGER.log(Level.INFO, "{0} revokes {1} tokens without a lease in {2}", new Object[] {
            Jenkins.getAuthentication2().getName(), some.size(), row.id()
        });
        CompletableFuture<LostTokenSearch.Taken> work = new LostTokenSearch(organization, account)
                .revoke(some, Set.of(maker))
                .whenComplete((taken, problem) -> {
                    if (taken != null && taken.problem() == null) {
                        looks.update(organization, some, taken.leftAlone());
                    }
                });
        return ongoing.leave(
                request, work, over -> LostTokenActs.revoked(some, over == null ? null : work.join(), store, over));
    }

    private interface Act {
        /** @return by what {@link #ongoing} knows it */
        String on(OrganizationRow row, Account account, LeaseStore store);
    }

    /** What an administrator asks for about one organization. Why it cannot be done is a notice on the page that follows. */
    private HttpResponse act(String org, String api, StaplerRequest2 request, Act act) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String id;
        try {
            LeaseStore store = JenkinsLeases.get().leasing().store();
            OrganizationRow row = getRows().stream()
                    .filter(each -> each.id().equals(org)
                            && each.known().organization().address().base().equals(api)
                            && each.canLook())
                    .findFirst()
                    .orElse(null);
            Account account = row == null ? null : row.known().account();
            id = account == null
                    ? ongoing.leave(request, new Notice(Messages.Organizations_unknown(), false))
                    : act.on(row, account, store);
        } catch (AbortException e) {
            id = ongoing.leave(
                    request, new Notice(Messages.OpenTokensLink_notDone(DisplayText.clause(e.getMessage())), false));
        }
        return OpenTokensLink.leadTo("organizations/?" + OngoingActs.ACT + "=" + id);
    }
}
