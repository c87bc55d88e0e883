package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.qwiet.api.ResponseReader.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The bodies of Qwiet's successful answers. What is required and missing makes an answer unreadable: the id and value of a
 * minted token. What else is missing or odd stays unknown, and what is more is ignored.
 */
final class ResponseBodies {
    private static final Logger LOGGER = Logger.getLogger(ResponseBodies.class.getName());
    private static final Texts TEXTS = Texts.of(ResponseBodies.class);

    private ResponseBodies() {}

    /** @param habits learns what stands beside the token */
    static MintedToken minted(InputStream json, Habits habits) throws IOException {
        JsonNode envelope = envelope(json);
        habits.learn(envelope);
        JsonNode token = response(envelope);
        String id = required(token, "id");
        if (!TokenIds.areHarmless(id)) {
            throw new Unreadable(TEXTS.get("ResponseBodies.noId"));
        }
        String described = token.path("description").textValue();
        String value = token.path("value").asText("");
        if (value.isBlank()) {
            throw new Unreadable(TEXTS.get("ResponseBodies.noValue"), new Outcome.Made(id, described));
        }
        End end = end(token.path("expires_at"));
        if (!end.known()) {
            LOGGER.fine("a minted token names an end of a form that is unknown");
        }
        return new MintedToken(id, SecretText.of(value), end, described);
    }

    /**
     * An empty answer will do. A page will not: something else may have answered in Qwiet's place.
     *
     * @return whether it says that it is Qwiet's
     */
    static boolean deleted(InputStream json) throws IOException {
        JsonNode answer = LenientJson.tree(json);
        if (answer == null || answer.isMissingNode()) {
            return false;
        } else if (!answer.isObject()) {
            throw new Unreadable(TEXTS.get("ResponseBodies.noObject"));
        } else if (!answer.isEmpty() && !saysYes(answer)) {
            // Of something else, perhaps: a page for a login may be JSON.
            throw new Unreadable(TEXTS.get("ResponseBodies.notOk"));
        }
        return !answer.isEmpty();
    }

    private static boolean saysYes(JsonNode answer) {
        JsonNode ok = answer.path("ok");
        return ok.isMissingNode()
                ? answer.has("response")
                : ok.asBoolean() || ok.asText().trim().equalsIgnoreCase("true");
    }

    /** @param habits learns what stands beside the scopes */
    static Set<String> scopes(InputStream json, Habits habits) throws IOException {
        JsonNode envelope = envelope(json);
        JsonNode list = envelope.path("response");
        if (!list.isEmpty() && list.valueStream().allMatch(JsonNode::isTextual)) {
            // Something on the way may give a list of tokens for any question.
            habits.learn(envelope);
        }
        if (list.isNull()) {
            return Set.of();
        } else if (!list.isArray()) {
            throw new Unreadable(TEXTS.get("ResponseBodies.noScopes"));
        }
        return list.valueStream().map(JsonNode::asText).collect(Collectors.toUnmodifiableSet());
    }

    private static JsonNode response(JsonNode envelope) throws IOException {
        JsonNode response = envelope.path("response");
        if (response.isMissingNode() || response.isNull()) {
            throw new Unreadable(TEXTS.get("ResponseBodies.noResponse"));
        }
        return response;
    }

    private static JsonNode envelope(InputStream json) throws IOException {
        JsonNode envelope = LenientJson.tree(json);
        if (envelope == null || !envelope.isObject()) {
            throw new Unreadable(TEXTS.get("ResponseBodies.noObject"));
        }
        if (!envelope.path("ok").asBoolean(false)) {
            throw new Unreadable(TEXTS.get("ResponseBodies.notOk"));
        }
        return envelope;
    }

    private static String required(JsonNode node, String field) throws Unreadable {
        String text = node.path(field).asText("");
        if (text.isBlank()) {
            throw new Unreadable(TEXTS.get("ResponseBodies.noField", field));
        }
        return text;
    }

    /** Of an answer that is all there is to read; benchmarks need no more. */
    static Listed tokens(InputStream json, Consumer<Token> each) throws IOException {
        var ids = new DistinctIds();
        TokenPage page = TokenPage.read(json, each::accept, ids);
        boolean whole = page.paging().unknown().isEmpty() && page.paging().isWhole(page.count(), ids.size(), 1);
        return new Listed(page.count(), whole);
    }

    private static End end(JsonNode expiresAt) {
        if (expiresAt.isMissingNode() || expiresAt.isNull()) {
            return End.NEVER;
        }
        return expiresAt.isTextual() || expiresAt.isNumber() ? End.of(expiresAt.asText()) : End.UNKNOWN;
    }
}
