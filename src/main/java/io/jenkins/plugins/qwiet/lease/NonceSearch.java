package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;

/**
 * Looks in an organization for the tokens of leases, by the nonces in their descriptions and by their ids. One call,
 * however many.
 *
 * <p>Qwiet, or something before it, may keep less of a description than was sent, write its characters otherwise, or put
 * something before it. A whole nonce that is looked for is that token's, wherever it stands, unless the description is
 * marked with another one; so is a nonce behind a marker of which {@value #SURE} characters are there. Less than that may
 * be, unless another description of the same list is longer, since then nothing was cut so short. A token without any
 * description may be, too: {@link Blanks}.
 */
final class NonceSearch implements QwietClient.Listing {
    /** Characters of a nonce that nobody else's begins with: 64 bits, or 80. */
    private static final int SURE = 16;

    /** Characters: nothing keeps less of a label. One that is shorter and another is another token's. */
    private static final int CUT_LABEL = 16;

    private static final int MOST_FAINT = 10_000;
    private static final Faint ANYBODYS = new Faint("", "", "", false, false, false);
    /** Digits that few other nonces begin with. */
    private static final int LIKELY = 4;

    /**
     * What was found.
     *
     * @param ids of the tokens, by nonce
     * @param known those of the ids looked for that are listed
     * @param whole whether Qwiet listed all tokens; if not, absence means nothing
     * @param outdated whether it is not whole because it lacks a token that lives
     * @param faint tokens that may be Jenkins', whose descriptions are too short to say of which; often empty
     * @param begunAt of {@link Looks#now}; a token made later need not be among them
     * @param isAnothers whether a faint one is certainly not that of a lease
     */
    record Found(
            Map<String, List<String>> ids,
            Set<String> known,
            boolean whole,
            boolean outdated,
            Set<Faint> faint,
            long begunAt,
            BiPredicate<Lease, Faint> isAnothers) {
        List<String> of(Lease lease) {
            List<String> all = new ArrayList<>(ids.getOrDefault(lease.nonce(), List.of()));
            String id = lease.tokenId();
            if (id != null && known.contains(id) && !all.contains(id)) {
                all.add(id);
            }
            return all;
        }

        /** Whether a token that is listed is certainly this lease's. */
        boolean shows(Lease lease) {
            return !of(lease).isEmpty();
        }

        /** Whether a token that is listed may be this lease's, which was never told its id; then absence means nothing. */
        boolean mayHide(Lease lease) {
            return lease.tokenId() == null
                    && faint.stream().anyMatch(each -> each.mayBe(lease) && !isAnothers.test(lease, each));
        }

        /** Whether a token that is listed is very likely a lease's, beside those that are gone. */
        boolean mayShowTwin(Lease lease, Set<String> gone) {
            return faint.stream()
                    .anyMatch(each -> each.digits() >= LIKELY && each.mayBe(lease) && !gone.contains(each.id()));
        }

        /** Whether that none was found means that there was none. */
        boolean proves(Lease lease) {
            return whole && !mayHide(lease);
        }
    }

    /**
     * What a list shows.
     *
     * @param own those of Jenkins' own ids that are listed
     * @param blank the ids of tokens without a description
     * @param given whether Jenkins' own tokens have the descriptions that were sent; null if none is listed
     */
    record Seen(
            Map<String, List<String>> ids,
            Set<String> known,
            boolean whole,
            Set<Faint> faint,
            Set<String> own,
            Set<String> blank,
            @CheckForNull Boolean given) {}

    /**
     * A token without a readable nonce.
     *
     * @param beginning what is left of the marker and nonce
     * @param blank whether it has no description, or it is not known
     * @param undescribed whether it is not known
     * @param whereOthersHave whether the same list has other descriptions
     */
    record Faint(
            String id, String label, String beginning, boolean blank, boolean undescribed, boolean whereOthersHave) {
        boolean mayBe(Lease lease) {
            boolean same = lease.label().strip().equals(label)
                    || label.length() >= CUT_LABEL && lease.label().startsWith(label);
            return (same || this == ANYBODYS)
                    && TokenDescription.beginning(lease.nonce()).startsWith(beginning);
        }

        int digits() {
            return beginning.length() - TokenDescription.beginning("").length();
        }

        Faint amongOthers() {
            return new Faint(id, label, beginning, blank, undescribed, true);
        }
    }

    private final NavigableSet<String> nonces;
    private final Set<String> knownIds;
    private final Map<String, String> own;
    private final Map<String, List<String>> ids = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> listedOwn = new HashSet<>();
    private final Set<Faint> cut = new HashSet<>();
    private final Set<Faint> blank = new HashSet<>();
    private int longest;
    private boolean given;
    private boolean notGiven;

    private NonceSearch(Set<String> nonces, Set<String> knownIds, Map<String, String> own) {
        this.nonces = new TreeSet<>(nonces);
        this.knownIds = knownIds;
        this.own = own;
    }

    /** @param own the nonces of Jenkins' own tokens, by id */
    static CompletableFuture<Outcome<Seen>> begin(
            QwietClient client, Set<String> nonces, Set<String> knownIds, Map<String, String> own) {
        var search = new NonceSearch(nonces, knownIds, own);
        return Outcomes.to(() -> client.list(QwietClient.ListQuery.LIVE, search))
                .thenApply(outcome -> outcome.map(listed -> search.seen(listed.whole())));
    }

    private Seen seen(boolean whole) {
        Set<Faint> faint = new HashSet<>(cut);
        blank.forEach(each -> faint.add(longest > 0 ? each.amongOthers() : each));
        // A person may have emptied one; nobody writes one.
        Boolean asSent = given ? Boolean.TRUE : notGiven ? Boolean.FALSE : null;
        Set<String> blankIds = new HashSet<>();
        blank.forEach(each -> blankIds.add(each.id()));
        return new Seen(ids, known, whole, faint, listedOwn, blankIds, asSent);
    }

    @Override
    public void accept(Token token) {
        see(token, withoutEllipsis(token.description()), false);
    }

    @Override
    public void acceptUndescribed(Token token) {
        see(token, "", true);
    }

    private void see(Token token, String description, boolean undescribed) {
        if (knownIds.contains(token.id())) {
            known.add(token.id());
        }
        if (description.length() > longest) {
            longest = description.length();
            cut.clear();
        }
        String digits = TokenDescription.marked(description, SURE);
        Optional<String> nonce = nonceOf(description, digits);
        nonce.ifPresent(n -> found(n, token));
        String ownNonce = own.get(token.id());
        if (ownNonce != null) {
            seeOwn(token, ownNonce, description, digits);
        } else if (nonce.isEmpty() && description.isEmpty()) {
            keep(blank, new Faint(token.id(), label(token), TokenDescription.beginning(""), true, undescribed, false));
        } else if (nonce.isEmpty() && (digits == null || digits.length() < SURE)) {
            cut(description, digits, token);
        }
    }

    private void seeOwn(Token token, String nonce, String description, @CheckForNull String digits) {
        listedOwn.add(token.id());
        notGiven |= description.isEmpty();
        given |= description.contains(nonce) || digits != null && !digits.isEmpty() && nonce.startsWith(digits);
    }

    private Optional<String> nonceOf(String description, @CheckForNull String digits) {
        if (digits != null && digits.length() >= SURE) {
            String nonce = nonces.ceiling(digits);
            if (nonce != null && nonce.startsWith(digits)) {
                return Optional.of(nonce);
            } else if (TokenDescription.isNonce(digits)) {
                // Another's. What its text says of this one is anybody's to write.
                return Optional.empty();
            }
        }
        return anywhere(description);
    }

    private Optional<String> anywhere(String description) {
        for (int at = 0; at + SURE <= description.length(); at++) {
            String beginning = description.substring(at, at + SURE);
            for (String nonce : nonces.tailSet(beginning)) {
                if (!nonce.startsWith(beginning)) {
                    break;
                } else if (description.startsWith(nonce, at)) {
                    return Optional.of(nonce);
                }
            }
        }
        return Optional.empty();
    }

    private void found(String nonce, Token token) {
        ids.computeIfAbsent(nonce, n -> new ArrayList<>()).add(token.id());
    }

    private void cut(String description, @CheckForNull String digits, Token token) {
        if (description.length() != longest) {
            return;
        }
        boolean some =
                digits != null && nonces.tailSet(digits).stream().limit(1).anyMatch(nonce -> nonce.startsWith(digits));
        if (some || TokenDescription.mayBeCut(description)) {
            String left = TokenDescription.beginning(some ? digits : "");
            keep(cut, new Faint(token.id(), label(token), left, false, false, false));
        }
    }

    private static void keep(Set<Faint> faint, Faint one) {
        faint.add(faint.size() < MOST_FAINT ? one : ANYBODYS);
    }

    private static String label(Token token) {
        return withoutEllipsis(token.label());
    }

    private static String withoutEllipsis(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '.' || text.charAt(end - 1) == '…')) {
            end--;
        }
        return text.substring(0, end).strip();
    }

    @Override
    public void restart() {
        ids.clear();
        known.clear();
        listedOwn.clear();
        cut.clear();
        blank.clear();
        longest = 0;
        given = false;
        notGiven = false;
    }
}
