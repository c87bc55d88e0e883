package io.jenkins.plugins.qwiet.audit;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Tokens, lists of them, and audits of these, for tests. */
final class Tokens {
    static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final Organization ORG =
            new Organization(ApiAddress.parse("https://qwiet.example/api/v4"), "0d1c2b3a-0000-4000-8000-000000000001");
    /** Of a token of {@link #BUILD}. */
    static final String NONCE = "5f2b7c1e000040008000000000000002";

    static final String OTHER_NONCE = "5f2b7c1e000040008000000000000003";
    static final String BUILD = "https://ci.example/job/app/12/";

    private Tokens() {}

    static String id(int number) {
        return new UUID(0x1234L, number).toString();
    }

    static Token token(int number, String label, String description, Instant expiresAt) {
        return new Token(id(number), label, description, NewToken.CI_TOKEN_ROLE, NewToken.ACCESS, expiresAt);
    }

    /** A CI token of a person, with so much time left. */
    static Token ci(int number, Duration left) {
        return token(number, "ci-" + number, "by hand", NOW.plus(left));
    }

    static Token forever(int number) {
        return token(number, "ci-" + number, "by hand", null);
    }

    static Token integration(int number) {
        return new Token(id(number), "integration-" + number, "", "admin", "integration", null);
    }

    /** A token whose description names the build, and a nonce that it knows only if it is {@link #BUILD}. */
    static Token madeBy(int number, String buildUrl, Duration left) {
        return token(number, "build-" + number, describe(buildUrl), NOW.plus(left));
    }

    /** A description as Jenkins writes it for a build. */
    static String describe(String buildUrl) {
        return TokenDescription.describe("text of a user", buildUrl, buildUrl.equals(BUILD) ? NONCE : OTHER_NONCE);
    }

    static Audit.Subject subject(BuildToken... own) {
        return new Audit.Subject(ORG, ListQuery.LIVE, "app #12", BUILD, List.of(own), Set.of(NONCE));
    }

    /** A rule that makes a build unstable. */
    static Rules rule(Rule rule) {
        return rules(Map.of(rule, Severity.UNSTABLE), Rules.DEFAULT_MAX_DAYS);
    }

    /** Rules with one limit for days and for tokens. */
    static Rules rules(Map<Rule, Severity> severities, int limit) {
        return new Rules(severities, limit, limit, null);
    }

    static Rules labels(String pattern) {
        return new Rules(Map.of(Rule.LABEL_MISMATCH, Severity.UNSTABLE), 0, 0, LabelPattern.parse(pattern));
    }

    static Audit audit(Rules rules) {
        return new Audit(subject(), rules, null, CLOCK);
    }

    static Audit.Result finish(Audit audit, Iterable<Token> list) {
        return finish(audit, list, BuildStates.UNKNOWN);
    }

    static Audit.Result finish(Audit audit, Iterable<Token> list, Map<String, BuildStates.State> builds) {
        return finish(audit, list, url -> recorded(list, url, builds.getOrDefault(url, BuildStates.State.ELSEWHERE)));
    }

    /** A build whose record knows all the tokens that say they are of it. */
    static BuildStates.Build recorded(Iterable<Token> list, String url, BuildStates.State state) {
        Set<String> ids = new HashSet<>();
        for (Token token : list) {
            if (token.description().contains(url)) {
                ids.add(token.id());
            }
        }
        return new BuildStates.Build(state, ids);
    }

    static Audit.Result finish(Audit audit, Iterable<Token> list, BuildStates builds) {
        long count = 0;
        for (Token token : list) {
            audit.accept(token);
            count++;
        }
        return finish(audit, new Outcome.Done<>(new Listed(count, true)), builds);
    }

    static Audit.Result finish(Audit audit, Outcome<Listed> outcome, BuildStates builds) {
        try {
            return audit.finish(outcome, builds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static AuditReport report(Rules rules, Token... list) {
        return finish(audit(rules), List.of(list)).report();
    }
}
