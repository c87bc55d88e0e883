package io.jenkins.plugins.qwiet.manage;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.audit.LastAudits.LastAudit;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Writes what the page of organizations shows as JSON, in ASCII characters only. */
final class OrganizationsJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private OrganizationsJson() {}

    @NonNull
    static String of(List<OrganizationRow> rows) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("organizations");
        rows.forEach(row -> add(row, all.addObject()));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }

    private static void add(OrganizationRow row, ObjectNode json) {
        json.put("organization", row.id())
                .put("apiAddress", row.known().organization().address().base());
        LastAudit audit = row.known().lastAudit();
        if (audit != null) {
            json.putObject("lastAudit")
                    .put("at", audit.at().toString())
                    .put("build", Util.fixEmpty(row.build()))
                    .put("live", audit.counts().liveCi())
                    .put("neverExpire", audit.counts().neverExpire())
                    .put("leftBehind", audit.counts().leftBehind())
                    .put("partial", audit.partial());
        }
        LostTokenLooks.Look look = row.look();
        if (look != null) {
            ObjectNode orphaned = json.putObject("withoutLease")
                    .put("lookedAt", look.at().toString())
                    .put("partial", !look.found().whole())
                    .put("more", look.found().more())
                    .put("ofCompletedBuilds", look.found().count(Maker.OVER))
                    .put("ofUnknownBuilds", look.found().count(Maker.NOT_KNOWN))
                    .put("ofOtherUrls", look.found().count(Maker.OTHER_URL));
            ArrayNode tokens = orphaned.putArray("tokens");
            row.tokens().forEach(each -> add(each, tokens.addObject()));
        }
    }

    private static void add(LostTokenRow row, ObjectNode json) {
        Instant end = row.token().end().at();
        json.put("id", row.token().id())
                .put("label", row.token().label())
                .put("buildUrl", Util.fixEmpty(row.token().buildUrl()))
                .put("buildIs", row.maker().name())
                .put("expiresAt", end == null ? null : end.toString())
                .put("endUnknown", row.token().end().unknown());
    }
}
