package io.jenkins.plugins.qwiet.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** An organization's list as Qwiet sends it, such as a few years of use leave behind: some 270 bytes a token. */
final class TokenList {
    /** When it was asked for. */
    static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");

    private static final String[] TEAMS = {"payments", "search", "checkout", "mobile", "platform"};

    private TokenList() {}

    /** The bytes of a list of so many tokens, the same each time. */
    static byte[] json(int tokens) throws IOException {
        var random = new Random(42);
        var out = new ByteArrayOutputStream(tokens * 300);
        try (var json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeBooleanField("ok", true);
            json.writeArrayFieldStart("response");
            for (int i = 0; i < tokens; i++) {
                token(json, i, random);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void token(JsonGenerator json, int number, Random random) throws IOException {
        String team = TEAMS[random.nextInt(TEAMS.length)];
        Instant later = NOW.plus(Duration.ofHours(1 + random.nextInt(7_200)));
        switch (number % 5) {
            case 0 -> token(json, random, team + " CI", "made by hand, in the wiki since 2021", NewToken.ACCESS, null);
            case 1 ->
                token(
                        json,
                        random,
                        team + " CI (old)",
                        "",
                        NewToken.ACCESS,
                        NOW.minus(Duration.ofHours(number % 9_000)));
            case 2 -> {
                String url = "https://jenkins.example.com/job/" + team + "/job/main/" + number + "/";
                String nonce = String.format("%016x%016x", random.nextLong(), random.nextLong());
                token(
                        json,
                        random,
                        team + " #" + number,
                        TokenDescription.describe("scan", url, nonce),
                        NewToken.ACCESS,
                        later);
            }
            case 3 -> token(json, random, "Jira " + team, "Qwiet's plugin for Jira", "integration", null);
            default -> token(json, random, team + " nightly", "GitHub Actions", NewToken.ACCESS, later);
        }
    }

    private static void token(
            JsonGenerator json, Random random, String label, String description, String type, Instant expiresAt)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", new UUID(random.nextLong(), random.nextLong()).toString());
        json.writeStringField("label", label);
        json.writeStringField("description", description);
        json.writeStringField("role_id", NewToken.CI_TOKEN_ROLE);
        json.writeStringField("token_type", type);
        if (expiresAt != null) {
            json.writeStringField("expires_at", expiresAt.toString());
        }
        json.writeStringField("created_by", "service-account");
        json.writeEndObject();
    }
}
