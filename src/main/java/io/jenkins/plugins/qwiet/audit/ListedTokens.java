package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DistinctIds;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.ServerClock;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the tokens of one list while they arrive, and keeps what the report needs. For one thread at a time. */
final class ListedTokens {
    /** Characters of a build's address; a longer one is taken for something else. */
    private static final int MAX_URL = 600;
    /** Tokens of the build itself that are kept, beside those of its record. */
    private static final int MAX_OWN = 1_000;
    /** Of all rows together: {@value Audit#MAX_ROWS} usual ones have six million. */
    private static final int MAX_CHARS = 8_000_000;

    /** The most that a build's token lives, and some more, as clocks differ. */
    private static final Duration SHORT_LIFE = Duration.ofHours(25);

    private final Audit.Subject subject;
    private final Instant now;
    private final RuleEvaluation evaluation;

    @CheckForNull
    private final Difference.Finder finder;

    private final DistinctIds seen = new DistinctIds();
    private final TokenIndex index = new TokenIndex();
    private final BuildsOfTokens buildsOfTokens = new BuildsOfTokens();
    private final Map<String, BuildToken> own = new LinkedHashMap<>();
    private final List<BuildToken> ownWithoutId = new ArrayList<>();
    private final List<TokenRow> rows = new ArrayList<>();
    private long chars;
    private long count;
    private long ownBeyond;
    private long liveCi;
    private long neverExpire;
    private long expired;
    private long otherTypes;
    private long madeByJenkins;
    private long leftByLease;
    private boolean late;

    ListedTokens(
            Audit.Subject subject, Instant now, RuleEvaluation evaluation, @CheckForNull Difference.Finder finder) {
        this.subject = subject;
        this.now = now;
        this.evaluation = evaluation;
        this.finder = finder;
        for (BuildToken token : subject.own()) {
            BuildToken unlisted = token.found(lifeOfUnlisted(token, now));
            if (token.id().isEmpty()) {
                ownWithoutId.add(unlisted);
            } else {
                own.put(token.id(), unlisted);
            }
        }
    }

    static BuildToken.Life lifeOfUnlisted(BuildToken token, Instant now) {
        Instant expiresAt = token.expiresAt();
        if (token.revokedAt() != null) {
            return BuildToken.Life.REVOKED;
        }
        boolean over = token.expiredAt() != null || expiresAt != null && !expiresAt.isAfter(now);
        return over ? BuildToken.Life.EXPIRED : BuildToken.Life.GONE;
    }

    /** Where nothing follows from a token's absence: what Jenkins itself knows of a recorded one. */
    static BuildToken.Life lifeWithoutList(BuildToken recorded, Instant now) {
        BuildToken.Life life = lifeOfUnlisted(recorded, now);
        boolean known = recorded.life() == BuildToken.Life.LIVE || recorded.life() == BuildToken.Life.IN_USE;
        return life != BuildToken.Life.GONE ? life : known ? recorded.life() : BuildToken.Life.UNKNOWN;
    }

    /** One that is there twice, on pages that shifted while they were read, counts once. */
    void accept(Token listed) {
        if (!seen.add(listed.id())) {
            return;
        }
        Token token = withKnownEnd(listed);
        count++;
        Instant expiresAt = token.expiresAt();
        boolean live = expiresAt == null || !isOver(expiresAt);
        TokenDescription origin = TokenDescription.parse(token.description()).orElse(null);
        String build = build(origin);
        boolean mine = own.containsKey(token.id())
                || origin != null && subject.nonces().contains(origin.nonce());
        if (mine) {
            acceptOwn(token, live, origin == null ? "" : origin.nonce());
        }
        MadeBy byLease = mine ? null : byLease(token, origin);
        if (live && !mine && isBeingRevoked(token, origin)) {
            late = true;
            buildsOfTokens.revokedLately(TokenIndex.key(token.id()));
        }
        if (live) {
            boolean signed = origin != null && subject.ownNonces().test(origin.nonce());
            acceptLive(token, build, mine, byLease, signed);
        } else {
            expired++;
        }
        if (rows.size() < Audit.MAX_ROWS && chars < MAX_CHARS) {
            MadeBy madeBy = mine ? MadeBy.THIS_BUILD : byLease != null ? byLease : byWord(build);
            TokenRow row = TokenRow.of(token, live, madeBy, known(build));
            chars += row.chars();
            rows.add(row);
        }
    }

    /** A list need not name the end that the answer to a creation named. */
    private Token withKnownEnd(Token token) {
        BuildToken known = own.get(token.id());
        return known == null || known.expiresAt() == null || !token.neverExpires()
                ? token
                : new Token(
                        token.id(),
                        token.label(),
                        token.description(),
                        token.roleId(),
                        token.tokenType(),
                        known.expiresAt());
    }

    /**
     * Whether a listed token is over. Where only those were asked for that are not, Qwiet itself says that it is not, whatever
     * it says of the end; but a list may lag behind a little.
     */
    private boolean isOver(Instant expiresAt) {
        boolean isPast = !expiresAt.isAfter(now);
        return isPast && (subject.query().includeExpired() || expiresAt.isAfter(now.minus(ServerClock.BEARABLE)));
    }

    private void acceptOwn(Token token, boolean live, String nonce) {
        boolean inUse =
                live && (subject.inUse().contains(token.id()) || subject.inUse().contains(nonce));
        if (own.size() < subject.own().size() + MAX_OWN || own.containsKey(token.id())) {
            own.put(token.id(), found(token, live, inUse));
        } else if (live && !inUse) {
            ownBeyond++;
        }
    }

    private boolean isBeingRevoked(Token token, @CheckForNull TokenDescription origin) {
        return subject.revokedLately().contains(token.id())
                || origin != null && subject.revokedLately().contains(origin.nonce());
    }

    /** Which build made it by an open lease, whatever its description says now; null if none tells. */
    @CheckForNull
    private MadeBy byLease(Token token, @CheckForNull TokenDescription origin) {
        BuildStates.State state = subject.leased().get(token.id());
        if (state == null && origin != null) {
            state = subject.leased().get(origin.nonce());
        }
        return state == null ? null : MadeBy.of(state);
    }

    private void acceptLive(
            Token token, @CheckForNull String build, boolean mine, @CheckForNull MadeBy byLease, boolean signed) {
        if (isCi(token)) {
            liveCi++;
            if (token.neverExpires()) {
                neverExpire++;
            }
            evaluation.see(token, known(build));
        } else {
            otherTypes++;
        }
        if (mine || byLease != null || build != null) {
            madeByJenkins++;
        }
        long key = TokenIndex.key(token.id());
        if (byLease != null) {
            leftByLease += byLease.leftBehind() ? 1 : 0;
        } else if (!mine && known(build) != null && !isFalse(build)) {
            buildsOfTokens.add(build, key, signed);
        }
        if (comesAndGoes(token, mine, byLease)) {
            return;
        }
        int content = TokenIndex.content(token);
        if (index.add(key, content) && finder != null) {
            finder.see(token, key, content);
        }
    }

    /**
     * Whether it is a short-lived token of a build that runs: each audit would find others of them, and that says nothing.
     * One that outlives its build is new to the audit that finds it then. Each token of a lease has an end, also if
     * the list names none; of one in a form that is not understood nobody knows.
     */
    private boolean comesAndGoes(Token token, boolean mine, @CheckForNull MadeBy byLease) {
        Instant end = token.expiresAt();
        boolean isShort = end == null ? token.neverExpires() : !end.isAfter(now.plus(SHORT_LIFE));
        return (mine || byLease == MadeBy.RUNNING_BUILD) && isShort;
    }

    /**
     * Whether the rules are asked about it. Qwiet may leave the type out, and may name one that nobody knows: where access
     * tokens alone were asked for, only what calls itself something else that is known is none.
     */
    private boolean isCi(Token token) {
        String type = token.tokenType().strip();
        return !TokenRow.isOfIntegration(type)
                && (type.isEmpty()
                        || type.equalsIgnoreCase(NewToken.ACCESS)
                        || !subject.query().includeIntegrations());
    }

    /** The address of the build that made a token; empty for a build that is not known, null if no build did. */
    @CheckForNull
    private static String build(@CheckForNull TokenDescription origin) {
        String build = origin == null ? null : origin.buildUrl();
        return build == null || build.length() <= MAX_URL ? build : "";
    }

    /** An address, or null: a Jenkins that does not know its own address writes an empty one. */
    @CheckForNull
    private static String known(@CheckForNull String build) {
        return build == null || build.isEmpty() ? null : build;
    }

    /** Whether it names the audited build, which knows nothing of it: another Jenkins made it, or somebody wrote that. */
    private boolean isFalse(@CheckForNull String build) {
        return known(build) != null && subject.buildUrl().equals(build);
    }

    private MadeBy byWord(@CheckForNull String build) {
        if (build == null) {
            return MadeBy.NOT_JENKINS;
        }
        return isFalse(build) ? MadeBy.CLAIMS_BUILD : MadeBy.UNKNOWN_BUILD;
    }

    private BuildToken found(Token token, boolean live, boolean inUse) {
        BuildToken known = own.get(token.id());
        Instant revokedAt = known == null ? null : known.revokedAt();
        BuildToken.Life life = inUse
                ? BuildToken.Life.IN_USE
                : live ? BuildToken.Life.LIVE : revokedAt != null ? BuildToken.Life.REVOKED : BuildToken.Life.EXPIRED;
        return new BuildToken(
                known == null ? DisplayText.cut(token.id(), TokenRow.MAX_ID) : token.id(),
                DisplayText.cut(token.label(), TokenRow.MAX_TEXT),
                known == null ? null : known.mintedAt(),
                token.expiresAt(),
                revokedAt,
                known == null ? null : known.expiredAt(),
                known == null ? null : known.line(),
                known == null ? 1 : known.number(),
                life);
    }

    private static boolean isRevoked(BuildToken token) {
        return token.life() == BuildToken.Life.LIVE && token.revokedAt() != null;
    }

    /** @param listed how the list ended; unless these were all, nothing follows from a token's absence */
    Audit.Result result(Listed listed, BuildStates builds) throws InterruptedException {
        List<BuildToken> mine = new ArrayList<>(own.values());
        mine.addAll(ownWithoutId);
        if (!listed.whole()) {
            Map<String, BuildToken> recorded = new HashMap<>();
            subject.own().forEach(token -> recorded.put(token.id(), token));
            // It may be older than what the build's record knows: what it lacks need not be gone, what was revoked is.
            mine.replaceAll(token -> token.life() == BuildToken.Life.GONE || isRevoked(token)
                    ? token.found(lifeWithoutList(recorded.getOrDefault(token.id(), token), now))
                    : token);
            evaluation.partial(listed.moved());
            index.partial();
        }
        mine.forEach(evaluation::own);
        evaluation.ownUnnamed(ownBeyond);
        evaluation.leftBehind(leftByLease);
        long leftBehind = leftByLease + buildsOfTokens.ask(builds, listed.whole(), evaluation);
        rows.replaceAll(
                row -> row.madeBy() == MadeBy.UNKNOWN_BUILD && row.live() ? row.madeBy(buildsOfTokens.of(row)) : row);
        rows.stream().filter(TokenRow::leftBehind).forEach(evaluation::leftBehind);
        var counts = new Counts(count, liveCi, neverExpire, expired, otherTypes, madeByJenkins, leftBehind);
        var report = Audit.report(
                subject,
                now,
                null,
                counts,
                mine,
                evaluation.verdict(liveCi),
                finder == null || !listed.whole() ? null : finder.difference(now, index.complete()),
                rows.size(),
                listed);
        return new Audit.Result(report, rows, index, late);
    }
}
