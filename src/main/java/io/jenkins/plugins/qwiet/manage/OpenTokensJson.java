package io.jenkins.plugins.qwiet.manage;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import java.io.IOException;
import java.time.Instant;

/** Writes the open tokens as JSON, in ASCII characters only, so that no label can do anything to a terminal. */
final class OpenTokensJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private OpenTokensJson() {}

    @NonNull
    static String of(OpenTokens open, OpenTokenFilter filter) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("open", open.leases().size());
        ArrayNode tokens = json.putArray("tokens");
        open.matching(filter).forEach(lease -> add(lease, tokens.addObject()));
        ArrayNode resting = json.putArray("resting");
        open.restingThatMatch(filter).forEach(each -> add(each, resting.addObject()));
        ArrayNode left = json.putArray("left");
        open.leftThatMatch(filter).forEach(each -> add(each, left.addObject()));
        ArrayNode setAside = json.putArray("setAside");
        open.setAside().forEach(file -> setAside.add(String.valueOf(file.getFileName())));
        open.lastSweep().ifPresent(last -> add(last, json.putObject("lastSweep")));
        ArrayNode pauses = json.putArray("pauses");
        open.pauses()
                .forEach(pause -> pauses.addObject()
                        .put("what", pause.what())
                        .put("until", pause.until().toString()));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }

    private static void add(RestingLease resting, ObjectNode json) {
        add(resting.lease(), json);
        json.put("owner", resting.owner())
                .put("restingSince", text(resting.since()))
                .put("restingBecause", resting.why())
                .put("writtenInHome", Util.fixEmpty(resting.writtenIn().path()))
                .put("writtenOnMachine", Util.fixEmpty(resting.writtenIn().machine()));
    }

    private static void add(Lease lease, ObjectNode json) {
        json.put("lease", lease.nonce())
                .put("id", lease.tokenId())
                .put("label", Util.fixEmpty(lease.label()))
                .put("build", Util.fixEmpty(lease.buildId()))
                .put("buildUrl", Util.fixEmpty(lease.buildUrl()))
                .put("organization", lease.organization().orgId())
                .put("apiAddress", lease.organization().address().base())
                .put("credentialsId", Util.fixEmpty(lease.account().credentialsId()))
                .put("state", lease.state().name())
                .put("mintedAt", lease.openedAt().toString())
                .put("expiresAt", text(lease.expiresAt()))
                .put("endUnknown", lease.end().unknown())
                .put("releasedAt", text(lease.releasedAt()))
                .put("lastError", lease.lastError())
                .put("failingSince", text(lease.failingSince()));
        // Those that took each other's place are one to their build.
        BuildTokens.recordOf(lease)
                .ifPresent(record -> json.put("line", record.lineId()).put("number", record.number()));
    }

    private static void add(Janitor.Done last, ObjectNode json) {
        json.put("at", last.at().toString())
                .put("revoked", last.did().revoked())
                .put("gone", last.did().gone())
                .put("kept", last.did().kept())
                .put("waiting", last.did().waiting())
                .put("failed", last.did().failed());
    }

    @CheckForNull
    private static String text(@CheckForNull Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
