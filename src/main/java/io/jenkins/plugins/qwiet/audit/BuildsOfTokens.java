package io.jenkins.plugins.qwiet.audit;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The builds that the descriptions of live tokens name, and which of these they made; they are looked up once the list is complete. */
final class BuildsOfTokens {
    private final Map<String, Tokens> byBuild = new LinkedHashMap<>();
    private final Set<Long> revokedLately = new HashSet<>();
    private long unasked;

    /**
     * Takes a live token that says it is of another build.
     *
     * @param key of {@link TokenIndex#key}
     * @param signed whether only this Jenkins can have given it its nonce
     */
    void add(String build, long key, boolean signed) {
        Tokens tokens = byBuild.get(build);
        if (tokens == null) {
            if (byBuild.size() == Audit.MAX_BUILDS) {
                unasked++;
                return;
            }
            tokens = new Tokens();
            byBuild.put(build, tokens);
        }
        tokens.add(key);
        if (signed) {
            tokens.signed.add(key);
        }
    }

    /** Knows that a token was revoked a moment ago, or is being revoked, however the list has it. */
    void revokedLately(long key) {
        revokedLately.add(key);
    }

    /**
     * Asks about every build.
     *
     * @param whole whether the list is. If not, it may be older than what is known here: what was revoked is not left behind
     * @return how many tokens were left behind
     * @throws InterruptedException if the thread was interrupted between two builds
     */
    long ask(BuildStates builds, boolean whole, RuleEvaluation evaluation) throws InterruptedException {
        long left = 0;
        for (var entry : byBuild.entrySet()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Tokens tokens = entry.getValue();
            BuildStates.Build build = builds.find(entry.getKey());
            tokens.found(build);
            if (!whole) {
                tokens.revoked(keys(build.revokedIds()));
                tokens.revoked(revokedLately);
            }
            if (tokens.madeBy.leftBehind()) {
                left += tokens.made();
            }
        }
        evaluation.leftBehind(left);
        if (unasked > 0) {
            evaluation.unaskedBuilds(unasked);
        }
        return left;
    }

    /** Who made a row of this list, once the builds were asked about. */
    MadeBy of(TokenRow row) {
        Tokens tokens = byBuild.get(row.build());
        if (tokens == null || tokens.madeBy == MadeBy.UNKNOWN_BUILD) {
            return MadeBy.UNKNOWN_BUILD;
        }
        long key = TokenIndex.key(row.id());
        if (tokens.revoked.contains(key)) {
            return MadeBy.UNKNOWN_BUILD;
        }
        return tokens.known.contains(key) ? tokens.madeBy : MadeBy.CLAIMS_BUILD;
    }

    private static Set<Long> keys(Set<String> ids) {
        return ids.stream().map(TokenIndex::key).collect(Collectors.toSet());
    }

    private static final class Tokens {
        /** Numbers alone: there may be 100,000. */
        private long[] keys = new long[1];

        private int count;
        private MadeBy madeBy = MadeBy.UNKNOWN_BUILD;
        private Set<Long> known = Set.of();
        private final Set<Long> signed = new HashSet<>();
        private Set<Long> revoked = Set.of();

        private void add(long key) {
            if (count == keys.length) {
                keys = Arrays.copyOf(keys, 2 * count);
            }
            keys[count++] = key;
        }

        private void found(BuildStates.Build build) {
            madeBy = MadeBy.of(build.state());
            known = keys(build.tokenIds());
            if (build.state() == BuildStates.State.GONE) {
                // Its record is gone, too; while a build is there, that decides.
                known.addAll(signed);
            }
        }

        private void revoked(Set<Long> some) {
            // Of many builds, few have any.
            List<Long> were = some.stream().filter(known::remove).toList();
            if (!were.isEmpty()) {
                revoked = Stream.concat(revoked.stream(), were.stream()).collect(Collectors.toSet());
            }
        }

        private long made() {
            return Arrays.stream(keys, 0, count).filter(known::contains).count();
        }
    }
}
