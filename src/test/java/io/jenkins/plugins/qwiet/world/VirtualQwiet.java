package io.jenkins.plugins.qwiet.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.Dialect;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Qwiet, without a network: its organizations, accounts and tokens, and what it answers to a call that reached it. */
final class VirtualQwiet {
    static final String BASE = "/api/v4/orgs/";

    private static final Duration LONGEST_LAG = Duration.ofSeconds(30);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * A token.
     *
     * @param endsAt by Qwiet's clock; null for never
     * @param madeAt by true time
     * @param number of those before it, which never changes
     */
    record Token(
            String id,
            String orgId,
            String label,
            String description,
            String nonce,
            Instant endsAt,
            long madeAt,
            long number) {
        /** Nobody but the build may see it; no disk may hold what begins like it. */
        String value() {
            return Secrets.MARK + "." + id;
        }
    }

    /**
     * What came in.
     *
     * @param after of a list: the number of the last token of the page before; where pages shift, how many come before
     */
    record Call(Operation operation, String orgId, String tokenId, String bearer, String body, long after) {}

    /** What goes out. */
    record Reply(int status, byte[] body) {}

    /** Who is told what happens to tokens. */
    interface Witness {
        void minted(Token token);

        void deleted(Token token);

        /** Those of others. */
        Others others();
    }

    private record Account(String orgId, Set<Operation> may) {}

    private final Timeline timeline;
    private final WallClock clock;
    private final Dice dice;
    private final Witness witness;
    private final Dialect dialect;
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final Map<Token, Long> deletedAt = new LinkedHashMap<>();
    private final Set<String> organizations = new HashSet<>();
    private final Set<String> poisoned = new HashSet<>();
    /** Tokens never end by themselves, whatever was asked for. */
    private final boolean forEver;
    /** Whether an answer says when a token ends. */
    private final boolean namesEnd;

    private final long lag;
    /** Characters of a description that are kept; the published API names no limit. */
    private final int keeps;

    private final QwietPages pages;

    private long made;
    private double poison;
    private boolean poisonNext;

    VirtualQwiet(Timeline timeline, WallClock clock, Dice dice, Witness witness) {
        this.timeline = timeline;
        this.clock = clock;
        this.dice = dice;
        this.witness = witness;
        this.dialect = dice.chance(0.4) ? Dialect.PLAIN : dice.oneOf(List.of(Dialect.values()));
        this.forEver = dice.chance(0.3);
        this.namesEnd = dice.chance(0.6);
        this.lag = dice.chance(0.3) ? dice.skewed(0, LONGEST_LAG.toNanos()) : 0;
        this.keeps = dice.chance(0.7) ? Integer.MAX_VALUE : dice.oneOf(List.of(255, 100, 70));
        this.pages = new QwietPages(dice);
    }

    String describe() {
        return dialect + (forEver ? ", tokens without end" : "") + (namesEnd ? "" : ", names no end") + ", lists lag "
                + lag / 1e9 + " s, descriptions are cut at " + keeps + pages.describe();
    }

    void addOrganization(String orgId) {
        organizations.add(orgId);
    }

    void account(String bearer, String orgId, Set<Operation> may) {
        accounts.put(bearer, new Account(orgId, may));
    }

    void closeAccount(String bearer) {
        accounts.remove(bearer);
    }

    /** Lets deletions of some of the tokens that will be made fail, always. */
    void poison(double share) {
        poison = share;
    }

    /** Lets deletions of the next token that is made fail, always. */
    void poisonNext() {
        poisonNext = true;
    }

    boolean isPoisoned(Token token) {
        return poisoned.contains(token.id());
    }

    /** From now on all that is asked for is done. */
    void heal() {
        poison = 0;
        poisonNext = false;
        poisoned.clear();
        pages.fail(false);
    }

    QwietPages pages() {
        return pages;
    }

    /** Makes one for others, who write no mark into it. */
    Token ofAnother(String orgId) {
        return new Token(dice.uuid(), orgId, "by hand", "for the shop", "", null, timeline.now(), ++made);
    }

    /** What Qwiet says to whoever made it. */
    Reply made(Token token) {
        var json = object().put("ok", true);
        json.set("response", json(token).put("value", token.value()));
        return new Reply(200, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it is on a page that always fails. */
    boolean isOnFailingPage(Token token) {
        return pages.fails(1) && !pages.of(listed(token.orgId()), 0).tokens().contains(token);
    }

    /** Those that somebody could use now, but for those of others. */
    Stream<Token> live() {
        Instant now = clock.instant();
        return tokens.values().stream().filter(token -> token.endsAt() == null || now.isBefore(token.endsAt()));
    }

    /** Null if it was never made, or is revoked. */
    Token find(String tokenId) {
        return tokens.get(tokenId);
    }

    Reply answer(Call call) {
        Account account = accounts.get(call.bearer());
        if (account == null) {
            return error(call, 401, "UNAUTHORIZED", "The access token is not known");
        } else if (!organizations.contains(call.orgId())) {
            return error(call, 404, "NOT_FOUND", "There is no such organization");
        } else if (!account.orgId().equals(call.orgId())
                || call.operation() != Operation.SCOPES && !account.may().contains(call.operation())) {
            return error(call, 403, "FORBIDDEN", "The access token lacks a scope");
        }
        return switch (call.operation()) {
            case CREATE -> create(call);
            case LIST -> list(call);
            case DELETE -> delete(call);
            case SCOPES -> scopes(call, account);
            case ANY -> error(call, 404, "NOT_FOUND", "There is nothing at this path");
        };
    }

    private Reply scopes(Call call, Account account) {
        var json = object();
        var scopes = json.put("ok", true).putArray("response").add("orgs:read");
        account.may().forEach(may -> scopes.add("tokens:" + may.name().toLowerCase(Locale.ROOT)));
        return speak(call, 200, json);
    }

    /** Qwiet's own error, with nothing done. */
    Reply error(Call call, int status, String code, String message) {
        var json = object();
        json.put("ok", false).put("code", code).put("message", message);
        return speak(call, status, json);
    }

    private Reply create(Call call) {
        JsonNode order;
        try {
            order = MAPPER.readTree(call.body());
        } catch (JsonProcessingException e) {
            return error(call, 400, "INVALID", "Not JSON");
        }
        String description = order.path("description").asText();
        String nonce =
                TokenDescription.parse(description).map(TokenDescription::nonce).orElse("");
        Instant end = forEver
                ? null
                : clock.instant().plusSeconds(order.path("valid_for_seconds").asLong());
        var token = new Token(
                dice.uuid(),
                call.orgId(),
                order.path("label").asText(),
                cut(description),
                nonce,
                end,
                timeline.now(),
                ++made);
        tokens.put(token.id(), token);
        boolean poisons = dice.chance(poison) || poisonNext;
        poisonNext = false;
        if (poisons) {
            poisoned.add(token.id());
        }
        witness.minted(token);
        var json = object();
        json.put("ok", true).set("response", json(token).put("value", token.value()));
        return speak(call, 200, json);
    }

    private String cut(String description) {
        return description.substring(0, Math.min(keeps, description.length()));
    }

    private Reply list(Call call) {
        if (pages.fails(call.after())) {
            return error(call, 500, "INTERNAL", "Something broke");
        }
        var json = object();
        var list = json.put("ok", true).putArray("response");
        QwietPages.Page page = pages.of(listed(call.orgId()), call.after());
        page.tokens().forEach(token -> list.add(json(token)));
        if (page.next() > 0) {
            json.put("next", "?after=" + page.next());
        }
        return speak(call, 200, json);
    }

    /** Those of an organization that a list has now, in the order in which they were made. */
    List<Token> listed(String orgId) {
        long sinceThen = timeline.now() - lag;
        deletedAt.values().removeIf(at -> at <= sinceThen);
        Stream<Token> gone = lag > 0 ? deletedAt.keySet().stream() : Stream.empty();
        return Stream.of(live(), gone, witness.others().live())
                .flatMap(some -> some)
                .filter(token -> token.orgId().equals(orgId) && (lag == 0 || token.madeAt() <= sinceThen))
                .sorted(Comparator.comparing(Token::number))
                .toList();
    }

    private Reply delete(Call call) {
        if (poisoned.contains(call.tokenId())) {
            return error(call, 500, "INTERNAL", "Something broke");
        }
        Token token = tokens.get(call.tokenId());
        if (witness.others().loses(call.tokenId())) {
            return speak(call, 200, object().put("ok", true));
        } else if (token == null || !token.orgId().equals(call.orgId())) {
            return error(call, 404, "NOT_FOUND", "There is no such token");
        }
        tokens.remove(token.id());
        if (lag > 0) {
            deletedAt.put(token, timeline.now());
        }
        witness.deleted(token);
        return speak(call, 200, object().put("ok", true));
    }

    private ObjectNode json(Token token) {
        var json = object().put("id", token.id()).put("label", token.label()).put("description", token.description());
        json.put("role_id", "66ad5168-41be-4b6c-9ac5-a30b02229c35").put("token_type", "access");
        if (namesEnd && token.endsAt() != null) {
            json.put("expires_at", token.endsAt().toString());
        }
        return json;
    }

    private Reply speak(Call call, int status, ObjectNode answer) {
        Dialect.Spoken spoken = dialect.speak(call.operation(), status, answer, dice.random());
        return new Reply(spoken.status(), spoken.body());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** All that are there, those that ended included. */
    List<Token> tokens() {
        return new ArrayList<>(tokens.values());
    }

    /** What time it is here. */
    Instant time() {
        return clock.instant();
    }
}
