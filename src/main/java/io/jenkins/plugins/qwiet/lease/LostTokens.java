package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds in a list those tokens that only this Jenkins can have made, by the marks in their descriptions, and of which it has
 * no lease: a home was restored from a backup that is older than they are. Nobody revokes these unless a person says so.
 *
 * <p>Tokens are taken on one thread at a time; whoever {@linkplain #finish finishes} must have seen the list's future complete.
 */
public final class LostTokens implements QwietClient.Listing {
    /** Tokens that are shown; the others are counted. */
    public static final int MOST = 500;

    /** Tokens whose builds are looked up, so that those that matter are found behind others. */
    static final int MOST_LOOKED_UP = 20_000;

    private static final Logger LOGGER = Logger.getLogger(LostTokens.class.getName());
    private static final int LONGEST_LABEL = 600;
    /** Folders and branches may have long names, of which each letter may be nine characters here. */
    private static final int LONGEST_URL = 4000;

    private static final String INTEGRATION = "integration";

    /** What is known of the build that the mark of a token names: what matters most comes first. */
    public enum Maker {
        /** It is over, and its own record has the token, which it no longer needs. */
        OVER,
        /** There is no such build, or its record does not say that this home looks after the token, or the mark names no build. */
        NOT_KNOWN,
        /** The mark has another URL than this Jenkins, and no record here has the token: another Jenkins has the same keys. */
        OTHER_URL,
        /** It runs, or is to go on; which token it uses does not matter. */
        RUNNING,
        /** Another Jenkins looks after the token, or the mark was copied. */
        ANOTHERS
    }

    /** Who knows the builds. May block. */
    public interface Makers {
        /** Which build made a token, as far as its mark can be believed. */
        @NonNull
        Maker of(@NonNull Lost token);
    }

    /**
     * A token without a lease.
     *
     * @param id by which Qwiet knows it
     * @param nonce of the lease that it had
     * @param label a long one is cut
     * @param buildUrl as its description has it, and empty if that is cut, odd or names none: nobody looked for that build yet
     * @param end when Qwiet ends it by itself
     */
    public record Lost(
            @NonNull String id,
            @NonNull String nonce,
            @NonNull String label,
            @NonNull String buildUrl,
            @NonNull End end) {}

    /**
     * What was found.
     *
     * @param tokens with what is known of their builds, those that matter most first; {@value #MOST} at most
     * @param hidden how many there are besides, by what is known of their builds
     * @param more how many there are besides whose builds were not looked up, or could not be
     * @param whole whether the list was: if not, there may be others
     */
    public record Found(
            @NonNull Map<Lost, Maker> tokens, @NonNull Map<Maker, Long> hidden, long more, boolean whole) {
        public Found {
            tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
            hidden = Map.copyOf(hidden);
        }

        /** How many there are, with those that are hidden. */
        public long count(@NonNull Maker maker) {
            return of(Set.of(maker)).size() + hidden.getOrDefault(maker, 0L);
        }

        /** The same with other tokens. */
        @NonNull
        public Found with(@NonNull Map<Lost, Maker> others) {
            return new Found(others, hidden, more, whole);
        }

        /** Those that a person may have revoked, if their builds are such. */
        @NonNull
        public List<Lost> of(@NonNull Set<Maker> makers) {
            return tokens.entrySet().stream()
                    .filter(each -> makers.contains(each.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private final LeaseStore store;
    private final Organization organization;
    private final Nonces nonces;
    private final Predicate<String> wanted;
    private final Map<String, Lost> found = new LinkedHashMap<>();
    /** The nonces of those that are only counted, as far as they are there, by the ids of the tokens. */
    private final Map<String, String> others = new HashMap<>();

    /**
     * @param own gives what a text begins with of a nonce that this Jenkins alone can have made: all of it, or a part that is long
     *     enough; empty if there is none. Asked on threads of the HTTP client; must not block
     * @param wanted knows the ids of the tokens that matter
     */
    public LostTokens(
            @NonNull LeaseStore store,
            @NonNull Organization organization,
            @NonNull UnaryOperator<String> own,
            @NonNull Predicate<String> wanted) {
        this.store = store;
        this.organization = organization;
        this.nonces = new Nonces(own);
        this.wanted = wanted;
    }

    @Override
    public void restart() {
        found.clear();
        others.clear();
    }

    @Override
    public void accept(Token token) {
        if (!wanted.test(token.id())
                || found.containsKey(token.id())
                || token.tokenType().strip().equalsIgnoreCase(INTEGRATION)) {
            return;
        }
        nonces.in(token.description())
                .filter(nonce -> hasNoLease(token.id(), nonce))
                .ifPresent(nonce -> keep(token, nonce));
    }

    private void keep(Token token, String nonce) {
        // One of whose nonce a part is there can have no lease again, which needs all of it.
        if (found.size() >= MOST_LOOKED_UP || TokenDescription.isPart(nonce)) {
            others.put(token.id(), nonce);
            return;
        }
        String label = DisplayText.cut(token.label(), LONGEST_LABEL);
        found.put(token.id(), new Lost(token.id(), nonce, label, buildUrl(token.description(), nonce), token.end()));
    }

    /** Nobody knows what became of the URL if something on the way wrote the mark in another way. */
    private static String buildUrl(String description, String nonce) {
        return TokenDescription.parse(description)
                .filter(origin -> origin.nonce().equals(nonce))
                .map(TokenDescription::buildUrl)
                .filter(url -> url.length() <= LONGEST_URL)
                .orElse("");
    }

    /** Neither an open one nor one that ended a moment ago, nor one that another Jenkins wrote. */
    private boolean hasNoLease(String id, String nonce) {
        return store.others().isUnknown(organization, id, nonce);
    }

    /**
     * Ends the search. What has a lease by then, since the list was long or a build remembered it, is not lost.
     *
     * @param makers asked about each token
     */
    @NonNull
    public Found finish(@NonNull Listed listed, @NonNull Makers makers) {
        Map<Maker, List<Lost>> all = new EnumMap<>(Maker.class);
        long failed = 0;
        for (Lost token : found.values()) {
            Maker maker = ask(makers, token, failed == 0 ? Level.WARNING : Level.FINE);
            if (!hasNoLease(token.id(), token.nonce())) {
                continue;
            } else if (maker == null) {
                failed++;
            } else {
                all.computeIfAbsent(maker, key -> new ArrayList<>()).add(token);
            }
        }
        Map<Lost, Maker> shown = new LinkedHashMap<>();
        Map<Maker, Long> hidden = new EnumMap<>(Maker.class);
        all.forEach((maker, tokens) -> {
            int fit = Math.min(tokens.size(), MOST - shown.size());
            tokens.subList(0, fit).forEach(token -> shown.put(token, maker));
            hidden.put(maker, (long) tokens.size() - fit);
        });
        long counted = others.entrySet().stream()
                .filter(each -> hasNoLease(each.getKey(), each.getValue()))
                .count();
        return new Found(shown, hidden, failed + counted, listed.whole());
    }

    /** Null if that build cannot be looked up: it may run, so its token is not offered. */
    @CheckForNull
    private static Maker ask(Makers makers, Lost token, Level level) {
        try {
            return makers.of(token);
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(level, e, () -> "A build could not be looked up: " + DisplayText.line(token.buildUrl()));
            return null;
        }
    }
}
