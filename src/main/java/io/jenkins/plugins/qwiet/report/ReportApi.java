package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/** Answers {@code …/qwiet-tokens/api/json}. */
public final class ReportApi {
    private final QwietTokensAction action;

    ReportApi(@NonNull QwietTokensAction action) {
        this.action = action;
    }

    /** The report as JSON, as much of it as the one who asks may see. */
    @GET
    public void doJson(StaplerResponse2 response) throws IOException {
        action.publish(response);
    }
}
