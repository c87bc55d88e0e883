package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The leases that were not written here. May be read on any thread; changes must not overlap. */
final class RestingLeases {
    private final HomeMark mark;
    /** By nonce: each with its owner. */
    private final ConcurrentNavigableMap<String, JournalRecord> leases = new ConcurrentSkipListMap<>();

    private final LeftLeases left;

    RestingLeases(HomeMark mark, Clock clock) {
        this.mark = mark;
        this.left = new LeftLeases(clock);
    }

    /** @param record of a lease */
    void add(JournalRecord record) {
        if (record.left()) {
            left.add(record);
        } else {
            leases.put(record.nonce(), record);
        }
    }

    /** Those about which nobody has decided. */
    List<RestingLease> all() {
        return leases.values().stream().map(this::told).toList();
    }

    /** Those that a person left to another, and that are not over. */
    List<RestingLease> left() {
        return left.current().stream().map(this::told).toList();
    }

    /** @see LeftLeases#forgetOver */
    List<JournalRecord> forgetOver(Organization organization, Instant atLeast) {
        return left.forgetOver(organization, atLeast);
    }

    private RestingLease told(JournalRecord record) {
        HomeMark.Former former = mark.former(record.owner());
        return new RestingLease(record.lease(), record.owner(), former.home(), former.why(), former.since());
    }

    int size() {
        return leases.size();
    }

    boolean has(String nonce) {
        return leases.containsKey(nonce);
    }

    /** Both kinds, as they are to be written. */
    List<JournalRecord> records() {
        return Stream.concat(leases.values().stream(), left.records().stream()).toList();
    }

    /** Of both kinds, in no order. */
    List<Lease> leases() {
        return records().stream().map(JournalRecord::lease).toList();
    }

    /** Of both kinds, whose token has that id. */
    Stream<Lease> ofToken(String id) {
        return Stream.concat(leases.values().stream(), left.records().stream())
                .map(JournalRecord::lease)
                .filter(lease -> id.equals(lease.tokenId()));
    }

    /** Who wrote them. */
    Set<String> owners() {
        return records().stream().map(JournalRecord::owner).collect(Collectors.toSet());
    }

    /** Lets leases of both kinds follow their job; gives what has changed. */
    List<JournalRecord> move(String from, String to) {
        return change(lease -> lease.moved(from, to));
    }

    /** Marks that the token of one is no longer used, which counts when it is taken over; gives what has changed. */
    List<JournalRecord> release(String nonce, Instant now) {
        return changeOne(nonce, lease -> lease.released(now));
    }

    /** Tells what the token of one is, if that was not known; gives what has changed. */
    List<JournalRecord> tell(String nonce, String tokenId, End end) {
        return changeOne(nonce, lease -> lease.tokenId() == null ? lease.minted(tokenId, end) : lease);
    }

    private List<JournalRecord> changeOne(String nonce, UnaryOperator<Lease> how) {
        List<JournalRecord> changed = new ArrayList<>();
        BiFunction<String, JournalRecord, JournalRecord> one = (its, record) -> changed(record, how, changed);
        if (leases.computeIfPresent(nonce, one) == null) {
            left.computeIfPresent(nonce, one);
        }
        return changed;
    }

    private List<JournalRecord> change(UnaryOperator<Lease> how) {
        List<JournalRecord> changed = new ArrayList<>();
        leases.replaceAll((nonce, record) -> changed(record, how, changed));
        left.replaceAll(record -> changed(record, how, changed));
        return changed;
    }

    /** @param changed gets what it is now, if it is another */
    private static JournalRecord changed(JournalRecord record, UnaryOperator<Lease> how, List<JournalRecord> changed) {
        JournalRecord after = record.with(how.apply(record.lease()));
        if (after.equals(record)) {
            return record;
        }
        changed.add(after);
        return after;
    }

    /** Gives up those of some owners, since these were this home: what they were told apart by misled. */
    List<JournalRecord> takeOver(Collection<String> owners) {
        List<JournalRecord> some = giveUp(owners);
        some.stream().map(JournalRecord::owner).distinct().forEach(mark::misled);
        return some;
    }

    /** Leaves those of some owners to them, who look after their tokens; gives what has changed. */
    List<JournalRecord> forget(Collection<String> owners) {
        List<JournalRecord> some = giveUp(owners).stream()
                .map(record -> JournalRecord.left(record.owner(), record.lease()))
                .toList();
        some.forEach(left::add);
        return some;
    }

    /** Lets those rest again that were left to some owners; gives what has changed. */
    List<JournalRecord> remember(Collection<String> owners) {
        List<JournalRecord> some = left.giveUp(owners).stream()
                .map(record -> JournalRecord.is(record.owner(), record.lease()))
                .toList();
        some.forEach(this::add);
        return some;
    }

    /** Whether it rests, or was left to another. */
    boolean areAnothers(String nonce) {
        return has(nonce) || left.has(nonce);
    }

    /** Whether a nonce of one of them begins like that. */
    boolean hasLike(String beginning) {
        String next = leases.ceilingKey(beginning);
        return next != null && next.startsWith(beginning) || left.hasLike(beginning);
    }

    private List<JournalRecord> giveUp(Collection<String> owners) {
        List<JournalRecord> some = leases.values().stream()
                .filter(record -> owners.contains(record.owner()))
                .toList();
        some.forEach(record -> leases.remove(record.nonce()));
        return some;
    }
}
