package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.jenkins.plugins.qwiet.api.QwietClient.Listing;
import io.jenkins.plugins.qwiet.api.ResponseReader.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reads one answer to the call for a list. A token without an id is passed over, and the list is then not the whole; what
 * else is missing or odd in a token stays unknown.
 */
final class TokenPage {
    private static final Logger LOGGER = Logger.getLogger(TokenPage.class.getName());
    private static final Texts TEXTS = Texts.of(TokenPage.class);

    private final Listing each;
    private final DistinctIds ids;
    private final Paging paging = new Paging();
    private boolean ok;
    private boolean listed;
    private long count;
    private long without;
    private long oddEnds;

    private TokenPage(Listing each, DistinctIds ids) {
        this.each = each;
        this.ids = ids;
    }

    /**
     * Hands over each token as soon as it is read, and keeps none.
     *
     * @param ids gets those of the tokens
     */
    static TokenPage read(InputStream json, Listing each, DistinctIds ids) throws IOException {
        var page = new TokenPage(each, ids);
        page.read(json);
        return page;
    }

    long count() {
        return count;
    }

    /** What says that this is not the whole; also that something in it was no token, or that something came behind it. */
    Paging paging() {
        return paging;
    }

    private void read(InputStream json) throws IOException {
        try (JsonParser parser = LenientJson.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Unreadable(TEXTS.get("TokenPage.noObject"));
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                field(parser);
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || !ok || !listed) {
                throw new Unreadable(TEXTS.get("TokenPage.noList"));
            }
            // Some servers stream their pages one behind the other.
            if (without > 0 || isAnythingBehind(parser)) {
                paging.lacks();
            }
        }
        if (without > 0 && count == 0) {
            throw new Unreadable(TEXTS.get("TokenPage.noToken"));
        }
        if (without > 0 || oddEnds > 0) {
            LOGGER.log(
                    Level.FINE,
                    "of {0} listed tokens, {1} name an end of a form that is unknown; {2} more have no id",
                    new Object[] {count, oddEnds, without});
        }
    }

    /** Also what is no JSON: gateways append remarks and scripts. */
    private static boolean isAnythingBehind(JsonParser parser) throws IOException {
        try {
            return parser.nextToken() != null;
        } catch (JsonProcessingException e) {
            return true;
        }
    }

    private void field(JsonParser parser) throws IOException {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("ok")) {
            ok = parser.getValueAsBoolean();
        } else if (field.equals("response") && value == JsonToken.VALUE_NULL) {
            // How some servers write an empty list.
            listed = true;
        } else if (field.equals("response") && value == JsonToken.START_OBJECT) {
            // Lua knows no difference between an empty list and an empty object.
            if (parser.nextToken() != JsonToken.END_OBJECT) {
                throw new Unreadable(TEXTS.get("TokenPage.noList"));
            }
            listed = true;
        } else if (field.equals("response") && value == JsonToken.START_ARRAY) {
            listed = true;
            array(parser);
        } else {
            paging.see(field, parser);
        }
    }

    private void array(JsonParser parser) throws IOException {
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            if (next == null) {
                throw new Unreadable(TEXTS.get("TokenPage.cut"));
            }
            if (next != JsonToken.START_OBJECT || !token(parser)) {
                without++;
                parser.skipChildren();
            }
        }
    }

    /** @return false if it has no id */
    private boolean token(JsonParser parser) throws IOException {
        String id = "";
        String label = "";
        String description = "";
        boolean labelled = false;
        boolean described = false;
        String roleId = "";
        String tokenType = "";
        End end = End.NEVER;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> id = text(parser);
                case "label" -> {
                    labelled = parser.currentToken() == JsonToken.VALUE_STRING;
                    label = text(parser);
                }
                case "description" -> {
                    described = parser.currentToken() == JsonToken.VALUE_STRING;
                    description = text(parser);
                }
                case "role_id" -> roleId = text(parser, NewToken.CI_TOKEN_ROLE);
                case "token_type" -> tokenType = text(parser, NewToken.ACCESS);
                case "expires_at" -> end = end(parser);
                default -> parser.skipChildren();
            }
        }
        if (!end.known()) {
            oddEnds++;
        }
        if (id.isBlank()) {
            return false;
        }
        var token = new Token(id, label, description, roleId, tokenType, end.at(), !end.known());
        count++;
        ids.add(id);
        if (labelled && described) {
            each.accept(token);
        } else {
            each.acceptPart(token, labelled, described);
        }
        return true;
    }

    private static End end(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> End.of(parser.getText());
            case VALUE_NULL -> End.NEVER;
            default -> {
                parser.skipChildren();
                yield End.UNKNOWN;
            }
        };
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
}
