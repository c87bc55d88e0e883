package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.audit.Timeline;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.BuildsOfLeases;
import io.jenkins.plugins.qwiet.grant.EndOfBuild;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.RunningBuilds;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.TransientActionFactory;

/** Shows the lives of a build's tokens on the page of the build, to all who may read it. Holds no data. */
public final class BuildTimelineAction extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(BuildTimelineAction.class.getName());

    private final Run<?, ?> run;
    private final BuildTokens tokens;

    private BuildTimelineAction(Run<?, ?> run, BuildTokens tokens) {
        this.run = run;
        this.tokens = tokens;
    }

    /** What the page shows: tokens as they are now. */
    @NonNull
    public TimelineView getView() {
        return new TimelineView(timeline());
    }

    @NonNull
    Timeline timeline() {
        boolean running = RunningBuilds.isOn(run);
        Instant start = Instant.ofEpochMilli(run.getStartTimeInMillis());
        List<TokenRecord> records = tokens.getTokens();
        return Timeline.of(
                new Timeline.Span(
                        start,
                        running ? null : start.plusMillis(run.getDuration()),
                        JenkinsLeases.get().clock().instant(),
                        EndOfBuild.AT_THE_END),
                records.stream().map(record -> token(record, running)).toList(),
                running ? 0 : unknown(records));
    }

    private static Timeline.Token token(TokenRecord record, boolean running) {
        return new Timeline.Token(
                record.label(),
                record.id(),
                OwnTokenView.lineOf(record),
                record.number(),
                record.lineSince(),
                record.mintedAt(),
                record.expiresAt() == null ? null : record.diesAt(),
                record.revokedAt(),
                record.expiredAt(),
                use(record, running));
    }

    private static Timeline.Use use(TokenRecord record, boolean running) {
        if (record.isLeftToExpire()) {
            return Timeline.Use.LEFT_TO_EXPIRE;
        }
        return running && !record.isUnused() ? Timeline.Use.IN_USE : Timeline.Use.OVER;
    }

    /** Tokens that were asked for, of which the record tells nothing: Jenkins may have been killed in between. */
    private int unknown(List<TokenRecord> records) {
        try {
            Set<String> known = records.stream().map(TokenRecord::nonce).collect(Collectors.toSet());
            return (int) JenkinsLeases.get().leasing().store().ofBuild(run.getExternalizableId()).stream()
                    .filter(lease -> !known.contains(lease.nonce()))
                    .filter(lease -> BuildsOfLeases.isOf(run, lease))
                    .count();
        } catch (AbortException e) {
            LOGGER.log(Level.FINE, e, () -> "Not looked for: leases of " + run);
            return 0; // Where administrators look, this is said.
        }
    }

    /** Asked for with each list of a build's actions: looks at what is in memory alone. */
    @Extension
    public static final class Factory extends TransientActionFactory<Run> {
        @Override
        public Class<Run> type() {
            return Run.class;
        }

        /** Or the question for another action, such as the record of tokens, would lead here. */
        @NonNull
        @Override
        public Class<? extends Action> actionType() {
            return BuildTimelineAction.class;
        }

        @NonNull
        @Override
        public Collection<? extends Action> createFor(@NonNull Run run) {
            return BuildTokens.of((Run<?, ?>) run)
                    .filter(tokens -> !tokens.getTokens().isEmpty())
                    .map(tokens -> List.of(new BuildTimelineAction(run, tokens)))
                    .orElse(List.of());
        }
    }
}
