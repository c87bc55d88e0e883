package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.ResponseReader.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The bodies of Qwiet's successful answers. What is required and missing makes an answer unreadable; what is unknown is ignored. */
final class ResponseBodies {
    /** About 250 bytes a token: room for two million of them. */
    static final long LARGEST_LIST = 512L * 1024 * 1024;

    private static final Instant YEAR_TWO = Instant.parse("0002-01-01T00:00:00Z");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    // Without source in locations, no exception can quote an answer.
    private static final JsonFactory STREAMS = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private ResponseBodies() {}

    static MintedToken minted(InputStream json) throws IOException {
        JsonNode token = response(json);
        String id = required(token, "id");
        if (!TokenIds.areHarmless(id)) {
            throw new Unreadable("an id that is none");
        }
        String value = token.path("value").asText("");
        if (value.isBlank()) {
            throw new Unreadable("no value in it", id);
        }
        return new MintedToken(
                id, SecretText.of(value), instant(token.path("expires_at").asText("")));
    }

    /** An empty answer will do. A page will not: something else may have answered in Qwiet's place. */
    static Boolean deleted(InputStream json) throws IOException {
        JsonNode answer = MAPPER.readTree(json);
        if (answer == null || answer.isMissingNode()) {
            return true;
        } else if (!answer.isObject()) {
            throw new Unreadable("not a JSON object");
        } else if (saysNo(answer.path("ok"))) {
            throw new Unreadable("it does not say ok");
        }
        return true;
    }

    private static boolean saysNo(JsonNode ok) {
        return ok.isBoolean() && !ok.asBoolean()
                || ok.isTextual() && ok.asText().trim().equalsIgnoreCase("false")
                || ok.isNumber() && ok.asInt() == 0;
    }

    static Set<String> scopes(InputStream json) throws IOException {
        JsonNode list = response(json);
        if (!list.isArray()) {
            throw new Unreadable("no list of scopes");
        }
        return list.valueStream().map(JsonNode::asText).collect(Collectors.toUnmodifiableSet());
    }

    private static JsonNode response(InputStream json) throws IOException {
        JsonNode response = envelope(json).path("response");
        if (response.isMissingNode() || response.isNull()) {
            throw new Unreadable("no response in it");
        }
        return response;
    }

    private static JsonNode envelope(InputStream json) throws IOException {
        JsonNode envelope = MAPPER.readTree(json);
        if (envelope == null || !envelope.isObject()) {
            throw new Unreadable("not a JSON object");
        }
        if (!envelope.path("ok").asBoolean(false)) {
            throw new Unreadable("it does not say ok");
        }
        return envelope;
    }

    private static String required(JsonNode node, String field) throws Unreadable {
        String text = node.path(field).asText("");
        if (text.isBlank()) {
            throw new Unreadable("no " + field + " in it");
        }
        return text;
    }

    /** Hands over each token as soon as it is read, and keeps none. */
    static Listed tokens(InputStream json, Consumer<Token> each) throws IOException {
        long count = -1;
        boolean ok = false;
        boolean cut = false;
        long total = 0;
        try (JsonParser parser = STREAMS.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Unreadable("not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("ok")) {
                    ok = value == JsonToken.VALUE_TRUE;
                } else if (field.equals("response") && value == JsonToken.START_ARRAY) {
                    count = array(parser, each);
                } else {
                    cut |= Paging.namesMore(field, value, parser);
                    total = Math.max(total, Paging.total(field, value, parser));
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || !ok || count < 0) {
                throw new Unreadable("no list of tokens in it");
            }
        }
        return new Listed(count, !cut && total <= count);
    }

    private static long array(JsonParser parser, Consumer<Token> each) throws IOException {
        long count = 0;
        JsonToken next;
        while ((next = parser.nextToken()) == JsonToken.START_OBJECT) {
            each.accept(token(parser));
            count++;
        }
        if (next != JsonToken.END_ARRAY) {
            throw new Unreadable("something else than tokens in the list");
        }
        return count;
    }

    private static Token token(JsonParser parser) throws IOException {
        String id = "";
        String label = "";
        String description = "";
        String roleId = "";
        String tokenType = "";
        String expiresAt = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> id = text(parser);
                case "label" -> label = text(parser);
                case "description" -> description = text(parser);
                case "role_id" -> roleId = text(parser, NewToken.CI_TOKEN_ROLE);
                case "token_type" -> tokenType = text(parser, NewToken.ACCESS);
                case "expires_at" -> expiresAt = text(parser);
                default -> parser.skipChildren();
            }
        }
        if (id.isBlank()) {
            throw new Unreadable("a token without id");
        }
        return new Token(id, label, description, roleId, tokenType, instant(expiresAt));
    }

    private static String text(JsonParser parser) throws IOException {
        String text = parser.getValueAsString("");
        parser.skipChildren();
        return text;
    }

    /** The usual text itself if it is that, so that not each of 100,000 tokens has a copy of its own. */
    private static String text(JsonParser parser, String usual) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return text(parser);
        }
        var text = CharBuffer.wrap(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        return usual.contentEquals(text) ? usual : text(parser);
    }

    /** RFC 3339, as Qwiet's examples have it. Nothing, and the year one that some servers send for nothing, is never. */
    @CheckForNull
    private static Instant instant(String text) throws Unreadable {
        if (text.isBlank() || text.equals("null")) {
            return null;
        }
        try {
            Instant instant = Timestamps.parse(text);
            return instant.isBefore(YEAR_TWO) ? null : instant;
        } catch (DateTimeException e) {
            throw new Unreadable("a date of another form");
        }
    }
}
