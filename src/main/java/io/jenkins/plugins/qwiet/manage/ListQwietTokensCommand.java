package io.jenkins.plugins.qwiet.manage;

import hudson.Extension;
import hudson.cli.CLICommand;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.kohsuke.args4j.Option;

/** {@code list-qwiet-tokens}: what Jenkins has open, on the command line. Needs Overall/SystemRead. */
@Extension
public class ListQwietTokensCommand extends CLICommand {
    /** JSON instead of a table. */
    @Option(name = "-json", usage = "print JSON instead of a table")
    public boolean json;

    /** A text to look for. */
    @Option(name = "-q", metaVar = "TEXT", usage = "only those with this text in label, build, organization or error")
    public String text;

    /** One of the names of {@link io.jenkins.plugins.qwiet.lease.Lease.State}. */
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
            stdout.println(new OpenTokensJson(open, filter).text());
        } else {
            new OpenTokensTable(open.matching(filter)).print(stdout);
        }
        return 0;
    }
}
