package io.jenkins.plugins.qwiet.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** A lease as JSON. */
final class LeaseJson {
    /** Raised when an older plugin could no longer read the files rightly; a new optional field is no reason. */
    static final int VERSION = 1;

    private LeaseJson() {}

    static ObjectNode write(Lease lease) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("version", VERSION)
                .put("nonce", lease.nonce())
                .put("label", lease.label())
                .put("apiAddress", lease.organization().address().base())
                .put("orgId", lease.organization().orgId())
                .put("credentialsId", lease.account().credentialsId())
                .put("accountItem", lease.account().item())
                .put("accountUser", lease.account().user())
                .put("buildId", lease.buildId())
                .put("buildUrl", lease.buildUrl())
                .put("openedAt", lease.openedAt().toString())
                .put("expiresAt", text(lease.expiresAt()))
                .put("endUnknown", lease.end().unknown())
                .put("tokenId", lease.tokenId())
                .put("releasedAt", text(lease.releasedAt()))
                .put("lastError", lease.lastError())
                .put("failingSince", text(lease.failingSince()))
                .put("unrevocable", lease.unrevocable())
                .put("openFor", lease.openFor().toString());
    }

    /**
     * @param addresses gives the API address of a text; of ten thousand leases, most have the same
     * @throws IOException with what is wrong, if this is not a lease that this version of the plugin wrote
     */
    static Lease read(JsonNode json, Function<String, ApiAddress> addresses) throws IOException {
        JsonNode version = json.path("version");
        if (!version.isInt()) {
            throw new IOException("it is not a lease");
        } else if (version.intValue() != VERSION) {
            throw new IOException("its version is " + version + ", and this plugin reads " + VERSION);
        }
        try {
            var identity = new Lease.Identity(
                    required(json, "nonce"),
                    required(json, "label"),
                    new Organization(addresses.apply(required(json, "apiAddress")), required(json, "orgId")),
                    new Account(
                            required(json, "credentialsId"),
                            required(json, "accountItem"),
                            optional(json, "accountUser")),
                    required(json, "buildId"),
                    required(json, "buildUrl"),
                    Instant.parse(required(json, "openedAt")));
            return new Lease(
                    identity,
                    End.of(instant(json, "expiresAt"), json.path("endUnknown").asBoolean(true)),
                    optional(json, "tokenId"),
                    instant(json, "releasedAt"),
                    failure(json));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("a field cannot be read: " + e.getMessage(), e);
        }
    }

    private static Lease.Failure failure(JsonNode json) throws IOException {
        String error = optional(json, "lastError");
        Instant since = instant(json, "failingSince");
        boolean unrevocable = json.path("unrevocable").asBoolean(false);
        // Anything between the two was written by none of us, and is no reason not to revoke the token.
        String openFor = optional(json, "openFor");
        return error != null && since != null
                ? new Lease.Failure(
                        error, since, unrevocable, openFor == null ? Duration.ZERO : Duration.parse(openFor))
                : null;
    }

    private static String required(JsonNode json, String field) throws IOException {
        String text = optional(json, field);
        if (text == null) {
            throw new IOException("it has no " + field);
        }
        return text;
    }

    private static String optional(JsonNode json, String field) throws IOException {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        } else if (!value.isTextual()) {
            throw new IOException("its " + field + " is not a text");
        }
        return value.textValue();
    }

    private static Instant instant(JsonNode json, String field) throws IOException {
        String text = optional(json, field);
        return text == null ? null : Instant.parse(text);
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
