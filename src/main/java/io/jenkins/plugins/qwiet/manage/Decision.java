package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.grant.Await;
import io.jenkins.plugins.qwiet.lease.OthersLeases;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/** What an administrator decides about leases that another Jenkins seems to have written. */
enum Decision {
    /** They are of this Jenkins. */
    TAKE_OVER {
        @Override
        CompletableFuture<Void> begin(OthersLeases others, Collection<String> owners) {
            return others.takeOver(owners);
        }

        @Override
        String done(int leases) {
            return Messages.Decision_takenOver(leases);
        }
    },
    /** They are of another Jenkins, which looks after their tokens. */
    FORGET {
        @Override
        CompletableFuture<Void> begin(OthersLeases others, Collection<String> owners) {
            return others.forget(owners);
        }

        @Override
        String done(int leases) {
            return Messages.Decision_left(leases);
        }
    },
    /** What was left to another Jenkins is to be decided again. */
    REMEMBER {
        @Override
        CompletableFuture<Void> begin(OthersLeases others, Collection<String> owners) {
            return others.remember(owners);
        }

        @Override
        String done(int leases) {
            return Messages.Decision_remembered(leases);
        }

        @Override
        List<RestingLease> about(OthersLeases others) {
            return others.left();
        }
    };

    private static final Logger LOGGER = Logger.getLogger(Decision.class.getName());

    /** So that the page that follows shows the outcome, if there is one by then. */
    private static final long LONGEST_WAIT_SECONDS = 5;

    abstract CompletableFuture<Void> begin(OthersLeases others, Collection<String> owners);

    /** What was done, in a sentence. */
    abstract String done(int leases);

    /** Those about which it can be made. */
    List<RestingLease> about(OthersLeases others) {
        return others.resting();
    }

    /**
     * Makes it, and waits a moment for the disk.
     *
     * @param owner whose leases; null for those of all
     * @return what became of it
     */
    @NonNull
    Notice make(@NonNull OthersLeases others, @CheckForNull String owner) {
        List<RestingLease> some = about(others).stream()
                .filter(each -> owner == null || owner.equals(each.owner()))
                .toList();
        if (some.isEmpty()) {
            // The page was loaded before somebody else decided, or before they were over.
            return new Notice(Messages.Decision_none(), false);
        }
        Set<String> owners = some.stream().map(RestingLease::owner).collect(Collectors.toSet());
        LOGGER.log(Level.INFO, "{0} decided about {1} leases, written by {2}: {3}", new Object[] {
            Jenkins.getAuthentication2().getName(), some.size(), owners, this
        });
        String done = done(some.size());
        CompletableFuture<Void> written = begin(others, owners);
        try {
            Await.atMost(LONGEST_WAIT_SECONDS, written);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "What was decided is not on disk: " + this);
            return new Notice(done + " " + Messages.Decision_notOnDisk(DisplayText.clause(e.getMessage())), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return written.isDone()
                ? new Notice(done, true)
                : new Notice(done + " " + Messages.Decision_notOnDiskYet(), false);
    }
}
