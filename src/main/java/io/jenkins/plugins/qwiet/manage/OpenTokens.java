package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The open tokens of this Jenkins at one moment: those that are, or may be, unrevoked in Qwiet.
 *
 * @param leases one for each token, as the user of the calling thread may see it; those that fail come first, those that fail longest at the top; then the oldest
 * @param resting those that another Jenkins seems to have minted, as the same user may see them, the oldest first
 * @param left those that an administrator left to another Jenkins, as the same user may see them, the oldest first
 * @param setAside files with something in them that is no lease
 * @param lastSweep of the janitor, if there was one since Jenkins started
 * @param pauses what the janitor leaves alone for a while, as the same user may see it
 */
record OpenTokens(
        @NonNull List<Lease> leases,
        @NonNull List<RestingLease> resting,
        @NonNull List<RestingLease> left,
        @NonNull List<Path> setAside,
        @NonNull Optional<Janitor.Done> lastSweep,
        @NonNull List<Janitor.Pause> pauses) {

    private static final Comparator<Lease> ORDER = Comparator.comparing(
                    Lease::failingSince, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Lease::openedAt)
            .thenComparing(Lease::nonce);

    /** @throws AbortException if the leases cannot be read or written, with a sentence that says where */
    static OpenTokens now() throws AbortException {
        var open = JenkinsLeases.get();
        var store = open.leasing().store();
        var reader = new Reader();
        // First these: what may be told of pauses follows from them.
        List<Lease> leases = reader.show(store.leases().stream().sorted(ORDER).toList());
        return new OpenTokens(
                leases,
                shown(store.others().resting(), reader),
                shown(store.others().left(), reader),
                store.setAside(),
                open.janitor().last(),
                open.janitor().pauses().stream()
                        .map(pause -> new Janitor.Pause(reader.show(pause), pause.until()))
                        .toList());
    }

    private static List<RestingLease> shown(List<RestingLease> others, Reader reader) {
        return others.stream()
                .sorted(Comparator.comparing(RestingLease::lease, ORDER))
                .map(each -> new RestingLease(
                        reader.show(each.lease()), each.owner(), each.writtenIn(), each.why(), each.since()))
                .toList();
    }

    /** Why leases cannot be stored at all; empty if they can. */
    static String problem() {
        try {
            JenkinsLeases.get().leasing();
            return "";
        } catch (AbortException e) {
            return e.getMessage();
        }
    }

    /** Those that rest and match; none if a state is asked for, as they are in none. */
    List<RestingLease> restingThatMatch(OpenTokenFilter filter) {
        return matching(resting, filter);
    }

    /** Those that were left to another and match; none if a state is asked for. */
    List<RestingLease> leftThatMatch(OpenTokenFilter filter) {
        return matching(left, filter);
    }

    private static List<RestingLease> matching(List<RestingLease> others, OpenTokenFilter filter) {
        return filter.state() != null
                ? List.of()
                : others.stream().filter(each -> filter.matches(each.lease())).toList();
    }

    List<Lease> matching(OpenTokenFilter filter) {
        return leases.stream().filter(filter::matches).toList();
    }
}
