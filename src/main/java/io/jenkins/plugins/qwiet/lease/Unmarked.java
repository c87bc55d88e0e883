package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.DistinctIds;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Key;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Decides whether a listed token without a readable mark may be that of a mint which was not answered. It may, as long as
 * its label allows it ({@link Suspects}), unless one of these is certain:
 *
 * <ul>
 *   <li>Jenkins knows it by its id, or its description is marked as another's;
 *   <li>it was listed before the mint was sent;
 *   <li>nothing of the mark is in it, and this very list gives the descriptions of all tokens of Jenkins' own that were
 *       asked for later just as they were sent, one of them no shorter than this one would be, and with all the characters
 *       besides plain letters and digits that this one has;
 *   <li>nothing of the mark is in a description that Qwiet does give, and what was asked for would have ended six hours ago
 *       (unless the list lacks the description of one of Jenkins' own, or the mark of one, and this may be a part of what was
 *       sent).
 * </ul>
 *
 * <p>In doubt the lease stays. Safe on any thread.
 */
final class Unmarked {
    /** Nothing asks Qwiet for a token that lives longer. */
    private static final Duration LONGEST = Duration.ofDays(1);
    /** After the requested lifetime, where Qwiet does not say when tokens expire. */
    private static final Duration WITHOUT_ENDS = Duration.ofDays(7);
    /** Of a mint that this process did not send. */
    private static final long BEFORE_ALL = -1;

    /**
     * A mint.
     *
     * @param number counts lists and mints, in the order in which they were answered and sent
     */
    private record Sent(long number, long at, Duration validFor, String description) {
        /** Whether a list that says that of its token says it all. */
        boolean isListedAs(@CheckForNull String listed) {
            return description.equals(listed);
        }

        /** Whether what leaves this description alone would leave the other one alone, by its length and its characters. */
        boolean tellsOf(Sent other) {
            return description.length() >= other.description.length()
                    && bytes() >= other.bytes()
                    && signs(other.description).allMatch(sign -> description.indexOf(sign) >= 0);
        }

        private int bytes() {
            return description.getBytes(StandardCharsets.UTF_8).length;
        }

        /** What something on the way may object to, or write otherwise. */
        private static IntStream signs(String text) {
            return text.codePoints()
                    .filter(c -> c >= 0x80 || !Character.isLetterOrDigit(c))
                    .distinct();
        }
    }

    /**
     * A listed token that Jenkins knows by its id.
     *
     * @param description null if Qwiet says none
     * @param marked whether its whole mark is in that
     */
    record Own(String nonce, @CheckForNull String description, boolean marked) {
        boolean isBlank() {
            return description == null || description.isBlank();
        }
    }

    private final LongSupplier nanoTime;
    private final long began;
    private final Map<String, Sent> mints = new ConcurrentHashMap<>();
    private final Map<Key, FirstListed> listed = new HashMap<>();
    /** By nonce, when the last list was asked for that left open whether there is the token. */
    private final Map<String, Long> leftOpenAt = new HashMap<>();

    private long number;

    Unmarked(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** A mint is about to be sent. */
    synchronized void sends(String nonce, String description, Duration validFor) {
        mints.put(nonce, new Sent(number++, nanoTime.getAsLong(), validFor, description));
    }

    /** Whether what this process asked for, of a mint that it sent, is not over. */
    synchronized boolean isAskedFor(String nonce, long now) {
        Sent sent = mints.get(nonce);
        return sent != null && now - sent.at() < sent.validFor().toNanos();
    }

    /** Whether that is over. */
    synchronized boolean isOverAsAskedFor(String nonce, long now) {
        return mints.containsKey(nonce) && !isAskedFor(nonce, now);
    }

    /** These were in a list that is there now; if that is the whole, others are no longer. */
    synchronized void listed(Key key, DistinctIds ids, boolean whole) {
        listed.computeIfAbsent(key, k -> new FirstListed()).listed(ids, whole, number);
        number++;
    }

    /** When a token was listed first, as a {@link Suspects} wants it; what is not known may be new. */
    synchronized long firstListed(Key key, String id) {
        FirstListed known = listed.get(key);
        return known == null ? FirstListed.NEVER : known.of(id);
    }

    /** Whether a list of that organization had a token before a mint of this process was sent. */
    synchronized boolean wasListedBefore(Organization organization, String id, String nonce) {
        Sent sent = mints.get(nonce);
        return sent != null
                && listed.keySet().stream()
                        .filter(key -> key.organization().equals(organization))
                        .anyMatch(key -> firstListed(key, id) < sent.number());
    }

    /**
     * Whether one of the tokens of a list may be that of a lease whose token's id nobody knows.
     *
     * @param own what the same list has of Jenkins' own tokens
     * @param begunAt when it was asked for
     */
    boolean mayHide(Lease lease, Suspects suspects, List<Own> own, long begunAt) {
        Sent sent = mints.get(lease.nonce());
        long since = sent == null ? BEFORE_ALL : sent.number();
        if (suspects.marked(lease, since)) {
            return true;
        } else if (sent != null && areGiven(own, sent)) {
            return false;
        }
        boolean over = isOver(lease, sent, begunAt) && own.stream().noneMatch(Own::isBlank);
        return suspects.undescribed(lease, since)
                || suspects.described(lease, since) && !over
                || sent != null
                        && suspects.describedInPart(lease, since, sent.description())
                        && !own.stream().allMatch(Own::marked);
    }

    private boolean areGiven(List<Own> own, Sent sent) {
        boolean tells = false;
        for (Own each : own) {
            Sent later = mints.get(each.nonce());
            if (later != null && later.number() > sent.number()) {
                if (!later.isListedAs(each.description())) {
                    return false;
                }
                tells |= later.tellsOf(sent);
            }
        }
        return tells;
    }

    /**
     * Whether a lease's token is over, if Qwiet ends tokens as it is asked to: then one that a list lacks is gone, though
     * nobody knows all that stands beside that list.
     *
     * @param namesEnds whether Qwiet says when tokens expire. If not, nobody knows that it ends them: then much later
     * @param begunAt when that list was asked for
     */
    synchronized boolean isSurelyOver(Lease lease, boolean namesEnds, long begunAt) {
        Sent sent = mints.get(lease.nonce());
        Duration margin = namesEnds || lease.expiresAt() != null ? Witnesses.BELIEVED : WITHOUT_ENDS;
        if (sent != null) {
            return begunAt - sent.at() >= sent.validFor().plus(margin).toNanos();
        }
        // Of a process before this one, and no clock is to be believed of it: a machine may begin in 1970.
        Duration over = LONGEST.plus(margin);
        return begunAt - began >= over.toNanos() || lease.openFor().compareTo(over) >= 0;
    }

    /** How long lists have left a lease's token open, as far as this process knows, since this was asked for last. */
    synchronized Duration leftOpen(String nonce, long begunAt) {
        Long before = leftOpenAt.put(nonce, begunAt);
        return before == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, begunAt - before));
    }

    private boolean isOver(Lease lease, @CheckForNull Sent sent, long begunAt) {
        Duration over = (sent == null ? LONGEST : sent.validFor()).plus(Witnesses.BELIEVED);
        return begunAt - (sent == null ? began : sent.at()) >= over.toNanos()
                || sent == null && lease.openFor().compareTo(over) >= 0;
    }

    /** Forgets all other mints, but those that were sent a moment ago: the leases may have been looked at before. */
    synchronized void keepOnly(Set<String> nonces) {
        leftOpenAt.keySet().retainAll(nonces);
        long now = nanoTime.getAsLong();
        mints.entrySet()
                .removeIf(mint ->
                        !nonces.contains(mint.getKey()) && now - mint.getValue().at() >= Looks.APART.toNanos());
    }
}
