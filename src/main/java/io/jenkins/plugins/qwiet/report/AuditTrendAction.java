package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.qwiet.audit.AuditTrend;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/**
 * Shows the numbers of a job's latest audits on the page of the job. As in {@link ReportAccess}, all who may read its builds
 * may see the organization's numbers. Holds no data, and loads no build.
 */
public final class AuditTrendAction extends InvisibleAction {
    private final Job<?, ?> job;

    private AuditTrendAction(Job<?, ?> job) {
        this.job = job;
    }

    /** What the page shows; nothing if no build was audited. */
    @NonNull
    public TrendView getView() {
        return new TrendView(
                job.hasPermission(Item.READ)
                        ? AuditTrend.of(job.getBuildDir().toPath(), job.getNextBuildNumber() - 1)
                        : AuditTrend.NONE,
                job.getUrl());
    }

    /** Asked for with each list of a job's actions: looks at nothing. */
    @Extension
    public static final class Factory extends TransientActionFactory<Job> {
        @Override
        public Class<Job> type() {
            return Job.class;
        }

        @NonNull
        @Override
        public Class<? extends Action> actionType() {
            return AuditTrendAction.class;
        }

        @NonNull
        @Override
        public Collection<? extends Action> createFor(@NonNull Job job) {
            return List.of(new AuditTrendAction(job));
        }
    }
}
