package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.DistinctIds;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Looks in an organization for the tokens of leases, by the nonces in their descriptions and by their ids. One call,
 * however many.
 *
 * <p>Qwiet, or something before it, may keep less of a description than was sent, write its characters otherwise, or put
 * something before it. A whole nonce that is looked for is that token's, wherever it stands, unless the description is
 * marked with another one; so is a nonce behind a marker of which {@value Nonces#SURE} characters are there. All others that
 * Jenkins does not know by their ids are {@link Suspects}; {@link Unmarked} decides about these.
 */
final class NonceSearch implements QwietClient.Listing {
    /**
     * What was found.
     *
     * @param ids of the tokens, by nonce
     * @param known those of the ids looked for that are listed
     * @param whole whether Qwiet listed all tokens; if not, absence means nothing
     * @param outdated whether it is not whole because it lacks a token that lives
     * @param moved whether it is not whole because tokens moved from page to page meanwhile
     * @param readThrough whether each page of it was read once at least, and lacks nothing but what may have moved
     * @param failure why it could not be had, or not to its end; null if it was. What it shows is a fact all the same
     * @param over whether it shows all that a lease's token may be among, though it is not known to be whole: nothing is in
     *     doubt but what fields say that nobody knows, or what may have moved, and the token would be over
     * @param unexplained the names of these fields; empty if there are none, or if more is in doubt than they and what moved
     * @param begunAt of {@link Looks#now}; a token made later need not be among them
     * @param hides whether one without a readable mark may be that of a lease that was looked for
     * @param twins whether one is very likely a lease's, beside those with the ids that are gone
     */
    record Found(
            Map<String, List<String>> ids,
            Set<String> known,
            boolean whole,
            boolean outdated,
            boolean moved,
            boolean readThrough,
            @CheckForNull Outcome<?> failure,
            Predicate<Lease> over,
            Set<String> unexplained,
            long begunAt,
            Predicate<Lease> hides,
            BiPredicate<Lease, Set<String>> twins) {
        List<String> of(Lease lease) {
            List<String> all = new ArrayList<>(ids.getOrDefault(lease.nonce(), List.of()));
            if (lists(lease) && !all.contains(lease.tokenId())) {
                all.add(lease.tokenId());
            }
            return all;
        }

        /** Whether the id that a lease knows is listed. */
        boolean lists(Lease lease) {
            return lease.tokenId() != null && known.contains(lease.tokenId());
        }

        /** Whether a token that is listed is certainly this lease's. */
        boolean shows(Lease lease) {
            return !of(lease).isEmpty();
        }

        /** Whether a token that is listed is very likely a lease's, beside those that are gone. */
        boolean mayShowTwin(Lease lease, Set<String> gone) {
            return twins.test(lease, gone);
        }

        /** Whether that none was found means that there was none: none that is listed may be its, if its id is unknown. */
        boolean proves(Lease lease) {
            return isWholeFor(lease) && (lease.tokenId() != null || !hides.test(lease));
        }

        /** Whether it can be taken for whole, as far as it concerns that lease. */
        boolean isWholeFor(Lease lease) {
            return whole || over.test(lease);
        }
    }

    /**
     * What a list shows.
     *
     * @param moved whether it is not, and nothing says so but that tokens moved, and what is unexplained
     * @param readThrough whether each page was read once at least, and nothing says that it lacks anything
     * @param failure why it was not read to its end; null if it was
     * @param unexplained what alone speaks against its being whole, if it is not and nothing moved
     * @param namesEnds whether it says of any token when that expires
     * @param own those that Jenkins knows by their ids
     * @param suspects those whose they are is not known
     * @param unmarked their ids, whatever their labels
     */
    record Seen(
            Map<String, List<String>> ids,
            Set<String> known,
            boolean whole,
            boolean moved,
            boolean readThrough,
            @CheckForNull Outcome<?> failure,
            Set<String> unexplained,
            boolean namesEnds,
            List<Unmarked.Own> own,
            Suspects suspects,
            DistinctIds unmarked) {}

    private final Collection<Lease> leases;
    private final Nonces nonces;
    private final Set<String> knownIds;
    private final Map<String, String> ownNonces;
    private final ToLongFunction<String> firstListed;
    private final Map<String, List<String>> ids = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<Unmarked.Own> own = new ArrayList<>();
    private final DistinctIds unmarked = new DistinctIds();
    private Suspects suspects;
    private Set<String> unexplained = Set.of();
    private boolean namesEnds;
    private boolean readThrough;

    private NonceSearch(
            Collection<Lease> leases,
            Set<String> knownIds,
            Map<String, String> ownNonces,
            ToLongFunction<String> firstListed) {
        this.leases = leases;
        this.knownIds = knownIds;
        this.ownNonces = ownNonces;
        this.firstListed = firstListed;
        this.suspects = new Suspects(leases);
        this.nonces = new Nonces(leases);
    }

    /**
     * @param leases whose tokens are looked for
     * @param knownIds looked for, too
     * @param ownNonces of Jenkins' own tokens, by id
     * @param firstListed of {@link Unmarked#firstListed}
     */
    static CompletableFuture<Seen> begin(
            QwietClient client,
            Collection<Lease> leases,
            Set<String> knownIds,
            Map<String, String> ownNonces,
            ToLongFunction<String> firstListed) {
        var search = new NonceSearch(leases, knownIds, ownNonces, firstListed);
        return Outcomes.to(() -> client.list(QwietClient.ListQuery.LIVE, search))
                .thenApply(search::seen);
    }

    private Seen seen(Outcome<Listed> outcome) {
        Listed listed = outcome instanceof Outcome.Done<Listed> done ? done.value() : null;
        boolean whole = listed != null && listed.whole();
        return new Seen(
                ids,
                known,
                whole,
                listed != null && listed.moved(),
                whole || readThrough,
                listed == null ? outcome : null,
                listed == null ? Set.of() : unexplained,
                namesEnds,
                own,
                suspects,
                unmarked);
    }

    @Override
    public void accept(Token token) {
        acceptPart(token, true, true);
    }

    @Override
    public void acceptPart(Token token, boolean labelled, boolean described) {
        String id = token.id();
        namesEnds |= token.expiresAt() != null;
        String description = described ? token.description() : null;
        if (knownIds.contains(id)) {
            known.add(id);
        }
        String ownNonce = ownNonces.get(id);
        Optional<String> nonce = description == null ? Optional.empty() : nonces.in(description);
        if (ownNonce != null) {
            // What somebody wrote into its description says nothing of another lease.
            nonce.filter(ownNonce::equals).ifPresent(n -> found(n, id));
            boolean marked = description != null && description.contains(ownNonce);
            own.add(new Unmarked.Own(ownNonce, description, marked));
        } else if (nonce.isPresent()) {
            found(nonce.get(), id);
        } else {
            unmarked.add(id);
            suspects.see(id, labelled ? token.label() : null, description, firstListed.applyAsLong(id));
        }
    }

    private void found(String nonce, String id) {
        List<String> its = ids.computeIfAbsent(nonce, n -> new ArrayList<>());
        if (!its.contains(id)) {
            its.add(id);
        }
    }

    @Override
    public void unexplained(Set<String> fields) {
        unexplained = Set.copyOf(fields);
    }

    @Override
    public void readThrough() {
        readThrough = true;
    }

    /** That a token was there a moment ago stays true: those that were looked for are kept. */
    @Override
    public void restart() {
        unexplained = Set.of();
        readThrough = false;
        namesEnds = false;
        own.clear();
        unmarked.clear();
        suspects = new Suspects(leases);
    }
}
