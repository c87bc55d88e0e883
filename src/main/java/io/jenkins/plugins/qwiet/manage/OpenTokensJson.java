package io.jenkins.plugins.qwiet.manage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;

/** The open leases for programs. Only ASCII characters, so that no label can do anything to a terminal. */
final class OpenTokensJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final OpenTokens open;
    private final OpenTokenFilter filter;

    OpenTokensJson(OpenTokens open, OpenTokenFilter filter) {
        this.open = open;
        this.filter = filter;
    }

    String text() throws IOException {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeNumberField("open", open.leases().size());
            json.writeArrayFieldStart("tokens");
            for (Lease lease : open.matching(filter)) {
                write(json, lease);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("setAside");
            for (Path file : open.setAside()) {
                json.writeString(String.valueOf(file.getFileName()));
            }
            json.writeEndArray();
            if (open.lastSweep().isPresent()) {
                write(json, open.lastSweep().get());
            }
            json.writeArrayFieldStart("pauses");
            for (Janitor.Pause pause : open.pauses()) {
                json.writeStartObject();
                json.writeStringField("what", pause.what());
                json.writeStringField("until", pause.until().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Lease lease) throws IOException {
        json.writeStartObject();
        json.writeStringField("lease", lease.nonce());
        json.writeStringField("id", lease.tokenId());
        json.writeStringField("label", lease.label());
        json.writeStringField("build", lease.buildId());
        json.writeStringField("buildUrl", lease.buildUrl());
        json.writeStringField("organization", lease.organization().orgId());
        json.writeStringField("apiAddress", lease.organization().address().base());
        json.writeStringField("credentialsId", lease.credentialsId());
        json.writeStringField("state", lease.state().name());
        json.writeStringField("mintedAt", lease.openedAt().toString());
        json.writeStringField("expiresAt", lease.expiresAt().toString());
        json.writeStringField("releasedAt", text(lease.releasedAt()));
        json.writeStringField("lastError", lease.lastError());
        json.writeStringField("failingSince", text(lease.failingSince()));
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Janitor.Done last) throws IOException {
        json.writeObjectFieldStart("lastSweep");
        json.writeStringField("at", last.at().toString());
        json.writeNumberField("revoked", last.did().revoked());
        json.writeNumberField("expired", last.did().expired());
        json.writeNumberField("kept", last.did().kept());
        json.writeNumberField("waiting", last.did().waiting());
        json.writeNumberField("failed", last.did().failed());
        json.writeEndObject();
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
