package io.jenkins.plugins.qwiet.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.audit.RowQuery;
import io.jenkins.plugins.qwiet.audit.TokenRow;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Writes a page of rows as the page's script wants it: texts that are ready to be shown, and links that lead somewhere. */
final class RowsJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_ADDRESS = 200;
    /** Characters of an address by which it is found in a description. */
    private static final int RECOGNIZED = 20;

    private final VisibleBuilds builds;
    private final String contextPath;
    private final JsonGenerator json;

    private RowsJson(VisibleBuilds builds, String contextPath, JsonGenerator json) {
        this.builds = builds;
        this.contextPath = contextPath;
        this.json = json;
    }

    static void write(
            @NonNull RowQuery.Page page,
            @NonNull VisibleBuilds builds,
            @NonNull String contextPath,
            @NonNull OutputStream out)
            throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("kept", page.kept());
            json.writeNumberField("matching", page.matching());
            json.writeNumberField("offset", page.offset());
            json.writeArrayFieldStart("rows");
            var answer = new RowsJson(builds, contextPath, json);
            for (TokenRow row : page.rows()) {
                answer.write(row);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private void write(TokenRow row) throws IOException {
        json.writeStartObject();
        json.writeStringField("label", DisplayText.line(row.label()));
        json.writeStringField("description", DisplayText.line(description(row)));
        json.writeStringField("id", DisplayText.line(row.id()));
        json.writeArrayFieldStart("badges");
        for (Badge badge : badges(row)) {
            json.writeStartObject();
            json.writeStringField("text", badge.getText());
            json.writeStringField("style", badge.getStyle());
            json.writeEndObject();
        }
        json.writeEndArray();
        writeEnd(row);
        writeMadeBy(row);
        json.writeEndObject();
    }

    /** What people wrote: not the build and the nonce after it, since the build has a column of its own. */
    private static String description(TokenRow row) {
        String build = row.build();
        if (build == null || build.isEmpty()) {
            return row.description();
        }
        // A long description is cut, perhaps within the build's address.
        String beginning = build.substring(0, Math.min(build.length(), RECOGNIZED));
        int end = row.description().lastIndexOf(beginning);
        return end < 0 ? row.description() : row.description().substring(0, end).stripTrailing();
    }

    private void writeEnd(TokenRow row) throws IOException {
        DisplayTime end = DisplayTime.of(row.expiresAt());
        if (end == null) {
            json.writeStringField("expires", Messages.RowsJson_never());
        } else {
            json.writeStringField("expires", end.getText());
            json.writeStringField("expiresAt", end.getIso());
        }
    }

    private void writeMadeBy(TokenRow row) throws IOException {
        json.writeStringField("madeBy", madeBy(row));
        Run<?, ?> run = builds.find(row.build());
        if (run != null) {
            json.writeStringField("build", DisplayText.line(run.getFullDisplayName(), LONGEST_ADDRESS));
            json.writeStringField("href", contextPath + "/" + run.getUrl());
        } else if (row.build() != null) {
            json.writeStringField("build", DisplayText.line(row.build(), LONGEST_ADDRESS));
        }
    }

    private static String madeBy(TokenRow row) {
        return switch (row.madeBy()) {
            case THIS_BUILD -> Messages.RowsJson_thisBuild();
            case RUNNING_BUILD -> Messages.RowsJson_runningBuild();
            case FINISHED_BUILD -> Messages.RowsJson_finishedBuild();
            case DELETED_BUILD -> Messages.RowsJson_deletedBuild();
            case ENDED_BUILD -> Messages.RowsJson_endedBuild();
            case UNKNOWN_BUILD -> Messages.RowsJson_unknownBuild();
            case NOT_JENKINS -> Messages.RowsJson_notJenkins();
        };
    }

    private static List<Badge> badges(TokenRow row) {
        List<Badge> badges = new ArrayList<>();
        badges.add(row.live() ? Badge.live() : Badge.expired());
        if (row.expiresAt() == null) {
            badges.add(Badge.neverExpires());
        }
        if (row.leftBehind()) {
            badges.add(Badge.leftBehind());
        }
        if (!NewToken.ACCESS.equals(row.type())) {
            badges.add(Badge.type(DisplayText.line(row.type())));
        }
        return badges;
    }
}
