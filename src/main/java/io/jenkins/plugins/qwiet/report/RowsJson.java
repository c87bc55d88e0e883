package io.jenkins.plugins.qwiet.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.audit.MadeBy;
import io.jenkins.plugins.qwiet.audit.RowQuery;
import io.jenkins.plugins.qwiet.audit.TokenRow;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Writes a page of rows for the page's script: texts that are ready to be shown, and links to builds that exist. */
final class RowsJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_BUILD = 200;

    private final ReportAccess access;
    private final String contextPath;

    /**
     * @param access decides which builds a row leads to
     * @param contextPath what the URLs of this Jenkins begin with, on this server
     */
    RowsJson(@NonNull ReportAccess access, @NonNull String contextPath) {
        this.access = access;
        this.contextPath = contextPath;
    }

    void write(@NonNull RowQuery.Page page, @NonNull OutputStream out) throws IOException {
        ObjectNode json = JSON.createObjectNode()
                .put("kept", page.kept())
                .put("matching", page.matching())
                .put("offset", page.offset());
        ArrayNode rows = json.putArray("rows");
        page.rows().forEach(row -> add(row, rows.addObject()));
        JSON.writeValue(out, json);
    }

    private void add(TokenRow row, ObjectNode json) {
        json.put("label", label(row));
        json.put("description", DisplayText.line(row.userText()));
        json.put("id", DisplayText.line(row.id()));
        ArrayNode badges = json.putArray("badges");
        for (Badge badge : badges(row)) {
            badges.addObject().put("text", badge.text()).put("style", badge.style());
        }
        DisplayTime end = DisplayTime.of(row.expiresAt());
        if (end == null) {
            json.put("expires", row.neverExpires() ? Messages.RowsJson_never() : Messages.RowsJson_unknownEnd());
        } else {
            json.put("expires", end.text()).put("expiresAt", end.iso());
        }
        json.put("madeBy", madeBy(row));
        Run<?, ?> run = access.build(row.build());
        if (run != null) {
            json.put("build", DisplayText.line(run.getFullDisplayName(), LONGEST_BUILD));
            json.put("href", contextPath + "/" + run.getUrl());
        } else if (row.build() != null) {
            json.put("build", DisplayText.line(row.build(), LONGEST_BUILD));
        }
    }

    /** A build gives each of its tokens a label: one without is one whose job the reader may not read. */
    private static String label(TokenRow row) {
        boolean hidden = row.label().isEmpty() && row.build() == null && row.madeBy() != MadeBy.NOT_JENKINS;
        return hidden ? Messages.RowsJson_hidden() : DisplayText.line(row.label());
    }

    private static String madeBy(TokenRow row) {
        return switch (row.madeBy()) {
            case THIS_BUILD -> Messages.RowsJson_thisBuild();
            case RUNNING_BUILD -> Messages.RowsJson_runningBuild();
            case FINISHED_BUILD -> Messages.RowsJson_finishedBuild();
            case DELETED_BUILD -> Messages.RowsJson_deletedBuild();
            case ENDED_BUILD -> Messages.RowsJson_endedBuild();
            case CLAIMS_BUILD -> Messages.RowsJson_claimsBuild();
            case UNKNOWN_BUILD -> Messages.RowsJson_unknownBuild();
            case NOT_JENKINS -> Messages.RowsJson_notJenkins();
        };
    }

    private static List<Badge> badges(TokenRow row) {
        List<Badge> badges = new ArrayList<>();
        badges.add(row.live() ? Badge.live() : Badge.expired());
        if (row.neverExpires()) {
            badges.add(Badge.neverExpires());
        }
        if (row.leftBehind()) {
            badges.add(Badge.leftBehind());
        }
        if (!row.type().isBlank() && !row.type().equalsIgnoreCase(NewToken.ACCESS)) {
            badges.add(Badge.type(DisplayText.line(row.type())));
        }
        return badges;
    }
}
