package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.CsvExport;
import io.jenkins.plugins.qwiet.audit.ReportJson;
import io.jenkins.plugins.qwiet.audit.RowQuery;
import io.jenkins.plugins.qwiet.audit.StoredReport;
import io.jenkins.plugins.qwiet.audit.TokenRow;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/**
 * The page "Qwiet tokens" of an audited build. Holds nothing: each request reads the report that lies beside the build,
 * and answers with as much of it as the one who asks may see.
 */
public class QwietTokensAction implements RunAction2 {
    /** The page's address below the build's. */
    public static final String URL = "qwiet-tokens";

    private static final Logger LOGGER = Logger.getLogger(QwietTokensAction.class.getName());

    private transient Run<?, ?> run;

    /** Where a build's report is, if it has one. */
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

    /** For the page. */
    @NonNull
    public Run<?, ?> getRun() {
        return run;
    }

    /** What the page shows to the one who looks; says so itself if the report cannot be read. */
    @NonNull
    public ReportView getView() {
        boolean organization = OrganizationAccess.isAllowed(run);
        try {
            return ReportView.of(run, visible(reportOf(run).report(), organization), organization);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "The audit of " + run + " cannot be read");
            return ReportView.unreadable(organization);
        }
    }

    /** One page of the organization's rows, for the page's script. */
    @GET
    public void doRows(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        OrganizationAccess.check(run);
        var query = RowQuery.parse(
                request.getParameter("text"),
                request.getParameter("view"),
                request.getParameter("sort"),
                request.getParameter("order"),
                request.getParameter("offset"),
                request.getParameter("limit"));
        var builds = new VisibleBuilds();
        List<TokenRow> rows = rows(builds);
        json(response);
        RowsJson.write(query.of(rows), builds, request.getContextPath(), response.getOutputStream());
    }

    /** The organization's rows, for a spreadsheet. */
    @GET
    @WebMethod(name = "tokens.csv")
    public void doCsv(StaplerResponse2 response) throws IOException {
        OrganizationAccess.check(run);
        List<TokenRow> rows = rows(new VisibleBuilds());
        headers(response, "text/csv;charset=UTF-8");
        attach(response, "csv");
        var csv = new CsvExport(response.getWriter());
        for (TokenRow row : rows) {
            csv.write(row);
        }
    }

    /** The same as {@link #getApi()}, to be kept. */
    @GET
    @WebMethod(name = "tokens.json")
    public void doJson(StaplerResponse2 response) throws IOException {
        attach(response, "json");
        publish(response);
    }

    /** For programs. */
    @NonNull
    public ReportApi getApi() {
        return new ReportApi(this);
    }

    /** Writes the report as JSON: with the organization's rows to those who may see them. */
    void publish(StaplerResponse2 response) throws IOException {
        run.getParent().checkPermission(Item.READ);
        boolean organization = OrganizationAccess.isAllowed(run);
        AuditReport report = visible(readable(() -> reportOf(run).report()), organization);
        List<TokenRow> rows = organization ? rows(new VisibleBuilds()) : null;
        json(response);
        ReportJson.publish(report, rows, response.getOutputStream());
    }

    private static AuditReport visible(AuditReport report, boolean organization) {
        return organization ? report : report.forReaders();
    }

    private List<TokenRow> rows(VisibleBuilds builds) throws IOException {
        return readable(() -> {
                    StoredReport stored = reportOf(run);
                    // Rows without a report are part of something else.
                    stored.report();
                    return stored.rows();
                })
                .stream()
                .map(builds::row)
                .toList();
    }

    private <T> T readable(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "The audit of " + run + " cannot be read");
            throw new UnreadableReport();
        }
    }

    private void attach(StaplerResponse2 response, String type) {
        response.setHeader(
                "Content-Disposition", "attachment; filename=\"qwiet-tokens-" + run.getNumber() + "." + type + "\"");
    }

    private static void json(HttpServletResponse response) {
        headers(response, "application/json;charset=UTF-8");
    }

    private static void headers(HttpServletResponse response, String type) {
        response.setContentType(type);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
    }

    private interface Reading<T> {
        T read() throws IOException;
    }
}
