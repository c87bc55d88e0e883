package io.jenkins.plugins.qwiet.fake;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Does what Qwiet's API does, when nothing goes wrong on the way. */
final class FakeApi {
    static final String BASE = "/api/v4";

    private static final Pattern PATH = Pattern.compile(BASE + "/orgs/([^/]+)/(?:(my_scopes)|tokens(?:/([^/]+))?)");
    private static final Set<String> TRUTHS = Set.of("true", "false");
    private static final Set<String> TYPES = Set.of("access", "integration");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, FakeOrganization> organizations;

    FakeApi(Map<String, FakeOrganization> organizations) {
        this.organizations = organizations;
    }

    /** Null if it is none of them. */
    static Operation operation(Request request) {
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            return null;
        }
        boolean scopes = path.group(2) != null;
        boolean one = path.group(3) != null;
        return switch (request.method()) {
            case "GET" -> scopes ? Operation.SCOPES : one ? null : Operation.LIST;
            case "POST" -> scopes || one ? null : Operation.CREATE;
            case "DELETE" -> one ? Operation.DELETE : null;
            default -> null;
        };
    }

    Answer answer(Request request) {
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            return error(404, "NOT_FOUND", "There is nothing at this path");
        }
        String bearer = request.bearer();
        FakeOrganization bearers = organizations.values().stream()
                .filter(each -> bearer != null && each.scopes(bearer) != null)
                .findFirst()
                .orElse(null);
        if (bearers == null) {
            return error(401, "UNAUTHORIZED", "The access token is missing, unknown or no longer valid");
        }
        FakeOrganization organization = organizations.get(path.group(1));
        if (organization == null) {
            return error(404, "NOT_FOUND", "There is no such organization");
        }
        if (organization != bearers) {
            return error(403, "FORBIDDEN", "The access token belongs to another organization");
        }
        Operation operation = operation(request);
        if (operation == null) {
            return error(405, "METHOD_NOT_ALLOWED", "This path does not know the method " + request.method());
        }
        Set<String> scopes = bearers.scopes(bearer);
        String needed = scope(operation);
        if (scopes == null || (needed != null && !scopes.contains(needed))) {
            return error(403, "FORBIDDEN", "The access token lacks the scope " + needed);
        }
        return switch (operation) {
            case CREATE -> create(organization, request);
            case LIST -> list(organization, request);
            case DELETE ->
                organization.delete(path.group(3))
                        ? json(generator -> {})
                        : error(404, "NOT_FOUND", "There is no such token");
            case SCOPES ->
                json(generator -> {
                    generator.writeArrayFieldStart("response");
                    for (String scope : new TreeSet<>(scopes)) {
                        generator.writeString(scope);
                    }
                    generator.writeEndArray();
                });
            case ANY -> throw new IllegalStateException("no call is any call");
        };
    }

    private static String scope(Operation operation) {
        return switch (operation) {
            case CREATE -> "tokens:create";
            case LIST -> "tokens:list";
            case DELETE -> "tokens:delete";
            case SCOPES, ANY -> null;
        };
    }

    private static Answer create(FakeOrganization organization, Request request) {
        String type = request.headers().getOrDefault("content-type", "");
        if (!type.split(";")[0].trim().equalsIgnoreCase("application/json")) {
            return error(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json");
        }
        TokenOrder order = TokenOrder.read(request.body());
        if (!order.validationErrors().isEmpty()) {
            return invalid(order.validationErrors());
        }
        FakeToken token = organization.mint(order.label(), order.description(), order.validForSeconds());
        return json(generator -> {
            generator.writeFieldName("response");
            write(generator, token, true);
        });
    }

    private static Answer list(FakeOrganization organization, Request request) {
        String showExpired = null;
        String tokenType = null;
        for (String pair :
                request.query().isEmpty() ? new String[0] : request.query().split("&")) {
            String name = pair.substring(0, Math.max(0, pair.indexOf('=')));
            String value = pair.substring(pair.indexOf('=') + 1);
            if (name.equals("show_expired") && TRUTHS.contains(value)) {
                showExpired = value;
            } else if (name.equals("token_type") && TYPES.contains(value)) {
                tokenType = value;
            } else {
                return invalid(List.of("query: " + pair));
            }
        }
        List<FakeToken> tokens = organization.tokens("true".equals(showExpired), tokenType);
        return json(generator -> {
            generator.writeArrayFieldStart("response");
            for (FakeToken token : tokens) {
                write(generator, token, false);
            }
            generator.writeEndArray();
        });
    }

    private static void write(JsonGenerator generator, FakeToken token, boolean withValue) throws IOException {
        generator.writeStartObject();
        generator.writeStringField("id", token.id());
        generator.writeStringField("label", token.label());
        generator.writeStringField("description", token.description());
        if (withValue) {
            generator.writeStringField("value", token.value());
        }
        generator.writeStringField("role_id", token.roleId());
        generator.writeStringField("token_type", token.tokenType());
        if (token.expiresAt() != null) {
            generator.writeStringField("expires_at", token.expiresAt().toString());
        }
        // Not in the description of the API: a client has to live with more than it knows.
        generator.writeStringField("created_by", "service-account");
        generator.writeEndObject();
    }

    private interface Fields {
        void write(JsonGenerator generator) throws IOException;
    }

    private static Answer json(Fields fields) {
        var out = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = MAPPER.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeBooleanField("ok", true);
            fields.write(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Answer.json(out.toByteArray());
    }

    private static Answer invalid(List<String> validationErrors) {
        return Answer.error(400, "VALIDATION_FAILED", "The request is not valid", validationErrors);
    }

    private static Answer error(int status, String code, String message) {
        return Answer.error(status, code, message, List.of());
    }
}
