package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What administrators have to know of the place where leases are kept. */
final class StoreWarnings {
    /** So that whoever looks once a day sees it. */
    private static final Duration SHOWN = Duration.ofDays(1);

    private StoreWarnings() {}

    /** A sentence or two each; empty if all is well, or the leases are not read yet. Looks at no disk. */
    @NonNull
    static List<String> now() {
        try {
            return JenkinsLeases.get().isOpen()
                    ? of(JenkinsLeases.get().leasing().store())
                    : List.of();
        } catch (AbortException e) {
            return List.of(e.getMessage());
        }
    }

    private static List<String> of(LeaseStore store) {
        List<String> warnings = new ArrayList<>();
        store.otherProcess()
                .ifPresent(other -> warnings.add(Messages.StoreWarnings_otherProcess(DisplayText.line(other))));
        store.trouble()
                .ifPresent(trouble -> warnings.add(Messages.StoreWarnings_trouble(
                        DisplayTime.text(trouble.since()), DisplayText.line(trouble.reason()))));
        store.others()
                .unread()
                .ifPresent(trouble -> warnings.add(Messages.StoreWarnings_unread(
                        DisplayTime.text(trouble.since()), DisplayText.line(trouble.reason()))));
        store.disturbedAt()
                .filter(at -> at.isAfter(Instant.now().minus(SHOWN)))
                .ifPresent(at -> warnings.add(Messages.StoreWarnings_disturbed(DisplayTime.text(at))));
        int resting = store.others().count();
        if (resting > 0) {
            warnings.add(Messages.StoreWarnings_resting(String.valueOf(resting)));
        }
        return warnings;
    }
}
