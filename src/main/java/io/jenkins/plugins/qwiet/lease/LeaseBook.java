package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Changes what is known of leases, and tells the journal of each change in the same order. Safe on any thread; nothing
 * blocks. The futures complete as {@link LeaseStore#put} says, if nothing else is said.
 */
final class LeaseBook {
    private final KnownLeases known;
    private final Journal journal;
    private final Moves moves = new Moves();
    // Whoever holds this changes what is known, and then the journal.
    private final Object change = new Object();

    LeaseBook(KnownLeases known, Journal journal) {
        this.known = known;
        this.journal = journal;
    }

    /** @see JournalWriter#unread */
    Optional<DiskTrouble> unread() {
        return journal.unread();
    }

    /** All that is known, as it is to be written. */
    List<JournalRecord> everything() {
        synchronized (change) {
            return known.everything();
        }
    }

    /** Keeps what was found on the disk and not known; gives how much that is. Whoever calls it writes {@link #everything}. */
    int adopt(Collection<JournalRecord> found) {
        synchronized (change) {
            return found.stream().mapToInt(record -> known.adopt(record).size()).sum();
        }
    }

    /** Names this moment: what is called so now. */
    long moment() {
        return moves.count();
    }

    /** Keeps a lease whose build and account are called as they were at that moment. */
    CompletableFuture<Void> put(Lease lease, long asOf) {
        return changing(lease.nonce(), before -> moves.since(asOf, lease), true);
    }

    CompletableFuture<Void> put(Lease lease) {
        return changing(lease.nonce(), before -> lease, true);
    }

    CompletableFuture<Void> update(Lease atFirst, long asOf, UnaryOperator<Lease> how) {
        return changing(
                atFirst.nonce(), before -> how.apply(before == null ? moves.since(asOf, atFirst) : before), true);
    }

    CompletableFuture<Void> update(String nonce, UnaryOperator<Lease> how) {
        return changing(nonce, before -> before == null ? null : how.apply(before), false);
    }

    private CompletableFuture<Void> changing(String nonce, UnaryOperator<Lease> how, boolean always) {
        CompletableFuture<Void> done;
        boolean isNew;
        synchronized (change) {
            Lease before = known.open().find(nonce).orElse(null);
            Lease after = how.apply(before);
            if (after == null || (after.equals(before) && !always)) {
                return CompletableFuture.completedFuture(null);
            }
            isNew = before == null && !known.forgetEnded(nonce);
            // What is known is known, whether or not the disk takes it.
            done = journal.add(known.put(after), true);
        }
        journal.work();
        return isNew ? done.whenComplete((written, problem) -> keepOnly(nonce, problem == null)) : done;
    }

    private void keepOnly(String nonce, boolean written) {
        if (!written) {
            synchronized (change) {
                known.remove(nonce);
            }
        }
    }

    /** Marks that a token is no longer used; of a lease that rests, too. */
    CompletableFuture<Void> release(String nonce, Instant now) {
        CompletableFuture<Void> open = update(nonce, lease -> lease.released(now));
        return CompletableFuture.allOf(open, all(() -> known.resting().release(nonce, now).stream()));
    }

    /** @return completes when the disk was told, whether or not it took it */
    CompletableFuture<Void> remove(String nonce) {
        CompletableFuture<Void> done;
        synchronized (change) {
            if (known.open().find(nonce).isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            known.remove(nonce);
            done = journal.add(JournalRecord.gone(nonce), false);
        }
        journal.work();
        return done.handle((ok, e) -> null);
    }

    void end(Lease lease) {
        synchronized (change) {
            journal.add(known.end(lease), false);
        }
        journal.work();
    }

    void forgetEnded(String nonce) {
        synchronized (change) {
            if (!known.forgetEnded(nonce)) {
                return;
            }
            journal.add(JournalRecord.gone(nonce), false);
        }
        journal.work();
    }

    /** @see LeftLeases#forgetOver */
    void forgetLeft(Organization organization, Instant atLeast) {
        synchronized (change) {
            known.resting()
                    .forgetOver(organization, atLeast)
                    .forEach(record -> journal.add(JournalRecord.gone(record.nonce()), false));
        }
        journal.work();
    }

    /** Lets all leases follow: at one stroke, or one that is opened again or forgotten meanwhile would be as it was before. */
    CompletableFuture<Void> move(String from, String to) {
        List<CompletableFuture<Void>> written = new ArrayList<>();
        synchronized (change) {
            moves.add(from, to);
            known.open().all().forEach(lease -> {
                Lease moved = lease.moved(from, to);
                if (!moved.equals(lease)) {
                    written.add(journal.add(known.put(moved), true));
                }
            });
            known.ended().forEach(lease -> {
                Lease moved = lease.moved(from, to);
                if (!moved.equals(lease)) {
                    journal.add(known.end(moved), false);
                }
            });
            known.resting().move(from, to).forEach(record -> written.add(journal.add(record, true)));
        }
        journal.work();
        return CompletableFuture.allOf(written.toArray(CompletableFuture<?>[]::new));
    }

    CompletableFuture<Void> takeOverResting(Collection<String> owners) {
        return all(() -> known.takeOverResting(owners));
    }

    CompletableFuture<Void> forgetResting(Collection<String> owners) {
        return all(() -> known.resting().forget(owners).stream());
    }

    CompletableFuture<Void> rememberLeft(Collection<String> owners) {
        return all(() -> known.resting().remember(owners).stream());
    }

    /** Keeps a lease of which nothing is known. */
    CompletableFuture<Void> readmit(Lease lease, String owner) {
        JournalRecord record = JournalRecord.is(owner, lease);
        return all(() -> known.adopt(record).stream());
    }

    private CompletableFuture<Void> all(Supplier<Stream<JournalRecord>> decision) {
        CompletableFuture<?>[] written;
        synchronized (change) {
            written = decision.get().map(record -> journal.add(record, true)).toArray(CompletableFuture<?>[]::new);
        }
        journal.work();
        return CompletableFuture.allOf(written);
    }
}
