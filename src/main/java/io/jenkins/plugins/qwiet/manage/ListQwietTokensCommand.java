package io.jenkins.plugins.qwiet.manage;

import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.audit.TextTable;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.args4j.Option;

/** The command {@code list-qwiet-tokens}, which prints the open tokens. Needs Overall/SystemRead. */
@Extension
public class ListQwietTokensCommand extends CLICommand {
    private static final int WIDEST = 60;
    private static final List<String> HEAD =
            List.of("LABEL", "BUILD", "ORGANIZATION", "CREATED", "EXPIRES", "STATE", "LAST ERROR");

    /** JSON instead of a table. */
    @Option(name = "-json", usage = "print JSON instead of a table")
    public boolean json;

    /** A text to search for. */
    @Option(name = "-q", metaVar = "TEXT", usage = "only those with this text in label, build, organization or error")
    public String text;

    /** One of the names of {@link Lease.State}. */
    @Option(name = "-state", metaVar = "STATE", usage = "only those in this state: INTENT, LIVE, RELEASED, UNREVOCABLE")
    public String state;

    @Override
    public String getName() {
        return "list-qwiet-tokens";
    }

    @Override
    public String getShortDescription() {
        return Messages.ListQwietTokensCommand_shortDescription();
    }

    @Override
    protected int run() throws IOException {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        String problem = OpenTokenFilter.problem(state);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        var filter = OpenTokenFilter.parse(text, state);
        OpenTokens open = OpenTokens.now();
        if (json) {
            stdout.println(OpenTokensJson.of(open, filter));
        } else {
            table(open, filter).forEach(stdout::println);
        }
        return 0;
    }

    private static List<String> table(OpenTokens open, OpenTokenFilter filter) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        open.matching(filter)
                .forEach(lease ->
                        rows.add(row(lease, OpenTokenRow.words(lease.state()), DisplayText.line(lease.lastError()))));
        open.restingThatMatch(filter)
                .forEach(each -> rows.add(others(each, Messages.ListQwietTokensCommand_resting())));
        open.leftThatMatch(filter).forEach(each -> rows.add(others(each, Messages.ListQwietTokensCommand_left())));
        return TextTable.of(rows);
    }

    private static List<String> others(RestingLease each, String state) {
        return row(each.lease(), state, DisplayText.line(each.why()));
    }

    private static List<String> row(Lease lease, String state, String error) {
        return List.of(
                DisplayText.line(new OpenTokenRow(lease, 1).label(), WIDEST),
                DisplayText.line(lease.buildId(), WIDEST),
                DisplayText.line(lease.organization().orgId(), WIDEST),
                DisplayTime.text(lease.openedAt()),
                OpenTokenRow.end(lease),
                state,
                error);
    }
}
