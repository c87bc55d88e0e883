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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/** What an administrator decides about leases that another Jenkins seems to have written. */
enum Decision {
    /** They are of this Jenkins. */
    TAKE_OVER(OthersLeases::resting, OthersLeases::takeOver, Messages::Decision_takenOver),
    /** They are of another Jenkins, which looks after their tokens. */
    FORGET(OthersLeases::resting, OthersLeases::forget, Messages::Decision_left),
    /** What was left to another Jenkins is to be decided again. */
    REMEMBER(OthersLeases::left, OthersLeases::remember, Messages::Decision_remembered);

    private static final Logger LOGGER = Logger.getLogger(Decision.class.getName());

    /** So that the page that follows shows the outcome, if there is one by then. */
    private static final long LONGEST_WAIT_SECONDS = 5;

    /** Those about which it can be made. */
    private final Function<OthersLeases, List<RestingLease>> about;
    /** Makes it about those of some owners. */
    private final BiFunction<OthersLeases, Collection<String>, CompletableFuture<Void>> begin;
    /** What was done with so many, in a sentence. */
    private final Function<Object, String> done;

    Decision(
            Function<OthersLeases, List<RestingLease>> about,
            BiFunction<OthersLeases, Collection<String>, CompletableFuture<Void>> begin,
            Function<Object, String> done) {
        this.about = about;
        this.begin = begin;
        this.done = done;
    }

    /**
     * Makes it, and waits a moment for the disk.
     *
     * @param owner whose leases; null for those of all
     * @return what became of it
     */
    @NonNull
    Notice make(@NonNull OthersLeases others, @CheckForNull String owner) {
        List<RestingLease> some = about.apply(others).stream()
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
        String said = done.apply(String.valueOf(some.size()));
        CompletableFuture<Void> written = begin.apply(others, owners);
        try {
            Await.atMost(LONGEST_WAIT_SECONDS, written);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "What was decided is not on disk: " + this);
            return new Notice(said + " " + Messages.Decision_notOnDisk(DisplayText.clause(e.getMessage())), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return written.isDone()
                ? new Notice(said, true)
                : new Notice(said + " " + Messages.Decision_notOnDiskYet(), false);
    }
}
