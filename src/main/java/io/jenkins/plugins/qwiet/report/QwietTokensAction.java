package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.CsvExport;
import io.jenkins.plugins.qwiet.audit.ReportJson;
import io.jenkins.plugins.qwiet.audit.RowQuery;
import io.jenkins.plugins.qwiet.audit.StoredReport;
import io.jenkins.plugins.qwiet.audit.TokenRow;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.HttpResponses.HttpResponseException;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/**
 * The page "Qwiet token audit" of an audited build, with its downloads and its REST API. Holds no data: each request reads the
 * report from the build directory, and answers with as much of it as {@link ReportAccess} lets the user see.
 */
public class QwietTokensAction implements RunAction2 {
    /** The page's URL, below that of the build. */
    public static final String URL = "qwiet-tokens";

    private static final Logger LOGGER = Logger.getLogger(QwietTokensAction.class.getName());
    private static final String JSON = "application/json;charset=UTF-8";

    private transient Run<?, ?> run;

    /** The report of a build, which need not exist. */
    @NonNull
    static StoredReport reportOf(@NonNull Run<?, ?> run) {
        return new StoredReport(run.getRootDir().toPath().resolve(StoredReport.FILE_NAME));
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
    }

    @Override
    public String getIconFileName() {
        return "symbol-key";
    }

    @Override
    public String getDisplayName() {
        return Messages.QwietTokensAction_displayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /** The build, for the page. */
    @NonNull
    public Run<?, ?> getRun() {
        return run;
    }

    /** What the page shows to the user who looks; says so itself if the report cannot be read. */
    @NonNull
    public ReportView getView() {
        try {
            return ReportView.of(run, reportOf(run).report(), new ReportAccess(run));
        } catch (IOException e) {
            logUnreadable(e);
            return ReportView.unreadable();
        }
    }

    /** One page of the organization's rows, for the page's script. */
    @GET
    public void doRows(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        ReportAccess access = accessToOrganization();
        RowQuery query = query(request);
        List<TokenRow> rows = rows(access);
        headers(response, JSON);
        new RowsJson(access, request.getContextPath()).write(query.of(rows), response.getOutputStream());
    }

    /** What a request asks for; what is missing means all of it. */
    private static RowQuery query(StaplerRequest2 request) {
        String view = request.getParameter("view");
        if (!RowQuery.isView(view)) {
            // Who asks for what there is not must not get all, and take it for that.
            throw new PlainError(
                    HttpServletResponse.SC_BAD_REQUEST, Messages.QwietTokensAction_noView(DisplayText.line(view)));
        }
        return RowQuery.parse(
                request.getParameter("q"),
                view,
                request.getParameter("sort"),
                request.getParameter("order"),
                request.getParameter("offset"),
                request.getParameter("limit"));
    }

    /** The organization's rows that the request asks for, not by pages, for a spreadsheet. */
    @GET
    @WebMethod(name = "tokens.csv")
    public void doCsv(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        ReportAccess access = accessToOrganization();
        List<TokenRow> rows = query(request).matching(rows(access));
        headers(response, "text/csv;charset=UTF-8");
        attach(response, "csv");
        var csv = new CsvExport(response.getWriter());
        for (TokenRow row : rows) {
            csv.write(row);
        }
    }

    /** The same as {@link #getApi()}, as a download. */
    @GET
    @WebMethod(name = "tokens.json")
    public void doJson(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        RowQuery query = query(request);
        attach(response, "json");
        publish(query, response);
    }

    /** The REST API. */
    @NonNull
    public Api getApi() {
        return new Api();
    }

    /** Answers {@code …/qwiet-tokens/api/json}. */
    public final class Api {
        /** The report as JSON, as much of it as the user may see, with the rows that the request asks for. */
        @GET
        public void doJson(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
            publish(query(request), response);
        }
    }

    /** Writes the report as JSON: with the organization's rows for those who may see them. */
    private void publish(RowQuery query, StaplerResponse2 response) throws IOException {
        run.getParent().checkPermission(Item.READ);
        var access = new ReportAccess(run);
        AuditReport report = access.visible(readable(() -> reportOf(run).report()));
        List<TokenRow> rows = access.toOrganization() ? query.matching(rows(access)) : null;
        headers(response, JSON);
        ReportJson.publish(report, rows, response.getOutputStream());
    }

    private ReportAccess accessToOrganization() {
        var access = new ReportAccess(run);
        access.checkOrganization();
        return access;
    }

    private List<TokenRow> rows(ReportAccess access) throws IOException {
        return readable(() -> {
                    StoredReport stored = reportOf(run);
                    // A file that has rows but no report is damaged, or none of ours.
                    stored.report();
                    return stored.rows();
                })
                .stream()
                .map(access::visible)
                .toList();
    }

    private <T> T readable(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IOException e) {
            logUnreadable(e);
            throw new PlainError(HttpServletResponse.SC_NOT_FOUND, Messages.ReportView_unreadable());
        }
    }

    private void logUnreadable(IOException problem) {
        LOGGER.log(Level.FINE, problem, () -> "The audit of " + run + " cannot be read");
    }

    private void attach(StaplerResponse2 response, String type) {
        response.setHeader(
                "Content-Disposition", "attachment; filename=\"qwiet-tokens-" + run.getNumber() + "." + type + "\"");
    }

    private static void headers(StaplerResponse2 response, String type) {
        response.setContentType(type);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** A sentence for whoever asked, and nothing in Jenkins' own log. */
    private static final class PlainError extends HttpResponseException {
        @Serial
        private static final long serialVersionUID = 1;

        private final int status;
        private final String sentence;

        PlainError(int status, String sentence) {
            this.status = status;
            this.sentence = sentence;
        }

        @Override
        public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node)
                throws IOException {
            response.setStatus(status);
            response.setContentType("text/plain;charset=UTF-8");
            response.getWriter().println(sentence);
        }
    }
}
