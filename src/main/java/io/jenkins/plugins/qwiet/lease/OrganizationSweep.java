package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The janitor's calls to one organization with one credential: first it revokes tokens whose id is known, then it looks
 * through the list for the others. Either may fail for ever and does not hold up the other.
 */
final class OrganizationSweep {
    private static final Texts TEXTS = Texts.of(OrganizationSweep.class);
    /** Whose calls succeed or fail together. */
    record Key(Organization organization, Account account) {
        static Key of(Lease lease) {
            return new Key(lease.organization(), lease.account());
        }

        /** What is left alone now: all leases of one of them, or its list; by name. */
        static List<Janitor.Pause> pauses(JanitorParts parts) {
            Instant now = parts.clock().instant();
            return Stream.concat(
                            pauses(Key::toString, parts.groups().pauses(), now),
                            pauses(Key::list, parts.searches().pauses(), now))
                    .sorted(Comparator.comparing(Janitor.Pause::what))
                    .toList();
        }

        private static Stream<Janitor.Pause> pauses(
                Function<Key, String> name, Map<Object, Duration> pauses, Instant now) {
            return pauses.entrySet().stream().map(pause -> {
                var key = (Key) pause.getKey();
                return new Janitor.Pause(
                        name.apply(key), now.plus(pause.getValue()), key.organization(), key.account());
            });
        }

        private String list() {
            return TEXTS.get("OrganizationSweep.list", organization.orgId(), organization.address(), account);
        }

        /** For people. */
        @Override
        public String toString() {
            return TEXTS.get("OrganizationSweep.key", organization.orgId(), organization.address(), account);
        }
    }

    /** A lease to be ended, by this client. */
    record Visit(Lease lease, QwietClient client) {
        String nonce() {
            return lease.nonce();
        }
    }

    /** What there is to do. Safe on any thread until it is begun; not changed after that. */
    static final class Work {
        private final Key key;
        private final List<Visit> intents = new ArrayList<>();
        private final List<Visit> tokens = new ArrayList<>();
        private final List<Visit> forEnded = new ArrayList<>();

        Work(Key key) {
            this.key = key;
        }

        synchronized void add(Visit visit) {
            (visit.lease().tokenId() == null ? intents : tokens).add(visit);
        }

        /** Leases that ended lately are to be looked for, with the client of this one if it is its turn. */
        synchronized void lookForEnded(Visit one) {
            forEnded.add(one);
        }

        Key key() {
            return key;
        }

        synchronized List<Visit> intents() {
            return intents;
        }

        synchronized List<Visit> tokens() {
            return tokens;
        }

        /** Empty if no lease that ended lately is to be looked for. */
        synchronized List<Visit> forEnded() {
            return forEnded;
        }

        synchronized int size() {
            return intents.size() + tokens.size();
        }

        boolean isEmpty() {
            return size() == 0 && forEnded().isEmpty();
        }
    }

    /**
     * What its parts work with.
     *
     * @param everything whether to ask about what failed lately, too, however much fails now
     */
    record Task(JanitorParts parts, SweepCounter counter, Work work, boolean everything, Gate gate) {
        Key key() {
            return work.key();
        }
    }

    private final Task task;
    private final Settlement settlement;
    private final ListSweep list;

    OrganizationSweep(Task task) {
        this.task = task;
        this.settlement = new Settlement(task.parts(), task.counter());
        this.list = new ListSweep(task, settlement);
    }

    /** Never completes exceptionally for what happens on the network or on the disk. */
    CompletableFuture<Void> run() {
        LeaseRevoker revoker = task.parts().leasing().parts().revoker();
        var steps = new Steps(task, task.parts().groups(), settlement);
        return steps.go(
                        task.work().tokens().stream().sorted(steps.order()).toList(),
                        visit -> revoker.revokeKnown(visit.client(), visit.lease()))
                .thenCompose(done -> list.search());
    }
}
