package io.jenkins.plugins.qwiet.report;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import org.kohsuke.stapler.HttpResponses.HttpResponseException;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Answers a request for a report that is damaged, gone, or of a later version of the plugin. */
final class UnreadableReport extends HttpResponseException {
    @Serial
    private static final long serialVersionUID = 1;

    @Override
    public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node) throws IOException {
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().println(Messages.ReportView_unreadable());
    }
}
