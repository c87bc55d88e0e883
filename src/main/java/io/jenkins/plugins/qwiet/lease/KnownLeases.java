package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of leases, in memory: which are open, which have ended and are to be looked for once more, and which rest.
 * May be read on any thread; changes must not overlap.
 */
final class KnownLeases {
    private final HomeMark mark;
    private final LeaseIndex open = new LeaseIndex();
    private final LeaseIndex ended = new LeaseIndex();
    private final RestingLeases resting;

    KnownLeases(HomeMark mark, Clock clock) {
        this.mark = mark;
        this.resting = new RestingLeases(mark, clock);
    }

    /** Of what was read. */
    void keep(JournalRecord record) {
        Lease lease = record.lease();
        if (lease == null) {
            return;
        } else if (record.ended()) {
            // Whoever wrote it: no build anywhere uses what may be left of it.
            ended.put(lease);
        } else if (mark.owner().equals(record.owner())) {
            // Also if it was left to this home, in a copy that then took its place.
            open.put(lease);
        } else {
            resting.add(record);
        }
    }

    /**
     * Keeps what was read later, if nothing is known of it, or no id of its token: a backup may be put there file by file, and the
     * newest one last. Gives what has changed, as it is to be written.
     */
    List<JournalRecord> adopt(JournalRecord record) {
        Lease lease = record.lease();
        if (lease == null) {
            return List.of();
        } else if (has(record.nonce())) {
            return lease.tokenId() == null ? List.of() : tell(record.nonce(), lease.tokenId(), lease.end());
        } else if (record.ended()) {
            // So that it ends once more: those that are to be looked for again were counted at the start.
            return List.of(put(lease));
        }
        keep(record);
        return List.of(record);
    }

    /** Tells what the token of a lease is, open or resting, if that was not known. */
    private List<JournalRecord> tell(String nonce, String tokenId, End end) {
        Optional<Lease> known = open.find(nonce).filter(lease -> lease.tokenId() == null);
        return known.isPresent() ? List.of(put(known.get().minted(tokenId, end))) : resting.tell(nonce, tokenId, end);
    }

    /** Whether anything is known of that lease. */
    boolean has(String nonce) {
        return open.find(nonce).isPresent() || ended.find(nonce).isPresent() || resting.areAnothers(nonce);
    }

    /** The same of a lease of which only a part of the nonce, in hexadecimal, may be there. */
    boolean hasLike(String nonce) {
        return has(nonce)
                || TokenDescription.isPart(nonce)
                        && (open.hasLike(nonce) || ended.hasLike(nonce) || resting.hasLike(nonce));
    }

    /** Who writes leases here. */
    String owner() {
        return mark.owner();
    }

    /** Keeps an open lease. Gives what is to be written. */
    JournalRecord put(Lease lease) {
        open.put(lease);
        return JournalRecord.is(mark.owner(), lease);
    }

    /** Forgets an open lease. */
    void remove(String nonce) {
        open.remove(nonce);
    }

    /** Keeps a lease as one that has ended, and is open no longer. Gives what is to be written. */
    JournalRecord end(Lease lease) {
        open.remove(lease.nonce());
        ended.put(lease);
        return JournalRecord.ended(mark.owner(), lease);
    }

    /** @return whether it was there */
    boolean forgetEnded(String nonce) {
        return ended.remove(nonce);
    }

    List<Lease> ended() {
        return ended.all();
    }

    Optional<Lease> findEnded(String nonce) {
        return ended.find(nonce);
    }

    /** Whether a token is that of another lease than the one of that nonce. */
    boolean isTokenOfAnother(Organization organization, String id, String nonce) {
        return Stream.of(open.ofToken(id).stream(), ended.ofToken(id).stream(), resting.ofToken(id))
                .flatMap(leases -> leases)
                .anyMatch(lease ->
                        !lease.nonce().equals(nonce) && lease.organization().equals(organization));
    }

    LeaseIndex open() {
        return open;
    }

    RestingLeases resting() {
        return resting;
    }

    /** Makes the leases that rest our own, of some owners. Gives what is to be written. */
    Stream<JournalRecord> takeOverResting(Collection<String> owners) {
        return resting.takeOver(owners).stream().map(record -> put(record.lease()));
    }

    /** All of it, as it is to be written. */
    List<JournalRecord> everything() {
        return Stream.of(
                        open.all().stream().map(lease -> JournalRecord.is(mark.owner(), lease)),
                        ended.all().stream().map(lease -> JournalRecord.ended(mark.owner(), lease)),
                        resting.records().stream())
                .flatMap(records -> records)
                .toList();
    }
}
