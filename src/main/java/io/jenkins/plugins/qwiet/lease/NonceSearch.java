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

/**
 * Looks in an organization for the tokens of leases, by the nonces in their descriptions and by their ids. One call,
 * however many.
 *
 * <p>Qwiet, or something before it, may keep less of a description than was sent, write its characters otherwise, or put
 * something before it. A whole nonce that is looked for is that token's, wherever it stands, unless the description is
 * marked with another one; so is a nonce behind a marker of which {@value #SURE} characters are there. Less than that may be, unless
 * another description of the same list is longer, since then nothing was cut so short.
 */
final class NonceSearch implements QwietClient.Listing {
    /** Characters of a nonce that nobody else's begins with: 64 bits, or 80. */
    private static final int SURE = 16;

    /** Characters: nothing keeps less of a label. One that is shorter and another is another token's. */
    private static final int CUT_LABEL = 16;

    private static final int MOST_FAINT = 10_000;
    private static final Faint ANYBODYS = new Faint("", "");

    /**
     * What was found.
     *
     * @param ids of the tokens, by nonce
     * @param known those of the ids looked for that are listed
     * @param whole whether Qwiet listed all tokens; if not, absence means nothing
     * @param faint descriptions that may be what was left of one of Jenkins', too short to say of which; often empty
     * @param begunAt of {@link Looks#now}; a token made later need not be among them
     */
    record Found(Map<String, List<String>> ids, Set<String> known, boolean whole, Set<Faint> faint, long begunAt) {
        List<String> of(Lease lease) {
            List<String> all = new ArrayList<>(ids.getOrDefault(lease.nonce(), List.of()));
            String id = lease.tokenId();
            if (id != null && known.contains(id) && !all.contains(id)) {
                all.add(id);
            }
            return all;
        }

        /** Whether a token that is listed may be this lease's, which was never told its id; then absence means nothing. */
        boolean mayHide(Lease lease) {
            return lease.tokenId() == null && faint.stream().anyMatch(each -> each.mayBe(lease));
        }

        /** Whether that none was found means that there was none. */
        boolean proves(Lease lease) {
            return whole && !mayHide(lease);
        }
    }

    /** What a token without a readable nonce is called. */
    record Faint(String label, String description) {
        boolean mayBe(Lease lease) {
            boolean same = lease.label().strip().equals(label)
                    || label.length() >= CUT_LABEL && lease.label().startsWith(label);
            return (same || this == ANYBODYS)
                    && TokenDescription.beginning(lease.nonce()).startsWith(description);
        }
    }

    private final NavigableSet<String> nonces;
    private final Set<String> knownIds;
    private final Map<String, List<String>> ids = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<Faint> faint = new HashSet<>();
    private int longest;

    private NonceSearch(Set<String> nonces, Set<String> knownIds) {
        this.nonces = new TreeSet<>(nonces);
        this.knownIds = knownIds;
    }

    static CompletableFuture<Outcome<Found>> begin(
            QwietClient client, Set<String> nonces, Set<String> knownIds, long now) {
        var search = new NonceSearch(nonces, knownIds);
        return Outcomes.to(() -> client.list(QwietClient.ListQuery.LIVE, search))
                .thenApply(outcome -> outcome.map(listed -> search.found(listed.whole(), now)));
    }

    private Found found(boolean whole, long now) {
        return new Found(ids, known, whole, faint, now);
    }

    @Override
    public void accept(Token token) {
        if (knownIds.contains(token.id())) {
            known.add(token.id());
        }
        String description = withoutEllipsis(token.description());
        if (description.length() > longest) {
            longest = description.length();
            faint.clear();
        }
        String digits = TokenDescription.marked(description, SURE);
        nonceOf(description, digits)
                .ifPresentOrElse(nonce -> found(nonce, token), () -> cut(description, digits, token));
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
        String left = TokenDescription.beginning(digits == null ? "" : digits);
        boolean anyones = digits == null
                ? TokenDescription.mayBeCut(description)
                : nonces.tailSet(digits).stream().limit(1).anyMatch(nonce -> nonce.startsWith(digits));
        if (anyones) {
            faint.add(faint.size() < MOST_FAINT ? new Faint(withoutEllipsis(token.label()), left) : ANYBODYS);
        }
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
        faint.clear();
        longest = 0;
    }
}
