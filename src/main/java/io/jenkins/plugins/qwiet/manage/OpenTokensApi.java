package io.jenkins.plugins.qwiet.manage;

import hudson.AbortException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/** The open leases for programs, below the page for people; who may see that may see this. */
public final class OpenTokensApi {
    /** All that the filter lets through, without pages. */
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
            json = new OpenTokensJson(OpenTokens.now(), OpenTokenFilter.parse(q, state)).text();
        } catch (AbortException e) {
            rsp.sendError(500, e.getMessage());
            return;
        }
        rsp.setContentType("application/json;charset=UTF-8");
        rsp.setHeader("X-Content-Type-Options", "nosniff");
        rsp.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
    }
}
