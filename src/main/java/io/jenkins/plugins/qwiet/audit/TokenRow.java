package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.time.Instant;

/**
 * A token of the organization as a report keeps it: long texts are cut, nothing else is changed. What people wrote is in
 * it unescaped; see {@link DisplayText}.
 *
 * @param id by which it can be revoked
 * @param label at most {@value #MAX_TEXT} characters
 * @param description at most {@value #MAX_TEXT} characters beside what a Jenkins adds to it
 * @param type {@code access} for CI tokens
 * @param expiresAt null if it never expires, or nobody knows when
 * @param live whether its time had not come when it was listed
 * @param madeBy who made it
 * @param build the address of the build that made it; null if none did
 * @param endUnknown whether Qwiet named an end in a form that is not understood
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TokenRow(
        @NonNull String id,
        @NonNull String label,
        @NonNull String description,
        @NonNull String type,
        @CheckForNull Instant expiresAt,
        boolean live,
        @NonNull MadeBy madeBy,
        @CheckForNull String build,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean endUnknown) {
    private static final String INTEGRATION = "integration";

    /** Characters of a label or description that are kept. */
    public static final int MAX_TEXT = 120;
    /** Characters of an id or a type that are kept; a UUID has 36. */
    static final int MAX_ID = 200;

    public TokenRow {
        id = id == null ? "" : id;
        label = label == null ? "" : label;
        description = description == null ? "" : description;
        type = type == null ? "" : type;
        madeBy = madeBy == null ? MadeBy.UNKNOWN_BUILD : madeBy;
    }

    /** Of a token whose end is known. */
    public TokenRow(
            @NonNull String id,
            @NonNull String label,
            @NonNull String description,
            @NonNull String type,
            @CheckForNull Instant expiresAt,
            boolean live,
            @NonNull MadeBy madeBy,
            @CheckForNull String build) {
        this(id, label, description, type, expiresAt, live, madeBy, build, false);
    }

    static TokenRow of(Token token, boolean live, MadeBy madeBy, @CheckForNull String build) {
        return new TokenRow(
                DisplayText.cut(token.id(), MAX_ID),
                DisplayText.cut(token.label(), MAX_TEXT),
                cutText(token.description()),
                DisplayText.cut(token.tokenType(), MAX_ID),
                token.expiresAt(),
                live,
                madeBy,
                build,
                token.endUnknown());
    }

    /** Of a description, what people wrote counts: a build's address in it may be as long. */
    private static String cutText(String description) {
        int mark = description.length() - TokenDescription.userText(description).length();
        return DisplayText.cut(description, MAX_TEXT + mark);
    }

    TokenRow madeBy(MadeBy other) {
        return new TokenRow(id, label, description, type, expiresAt, live, other, build, endUnknown);
    }

    int chars() {
        return id.length()
                + label.length()
                + description.length()
                + type.length()
                + (build == null ? 0 : build.length());
    }

    /** This row as those may see it who may not see the build that made it: nothing tells whether there is such a build. */
    @NonNull
    public TokenRow withoutBuildState() {
        return switch (madeBy) {
            case FINISHED_BUILD, DELETED_BUILD -> madeBy(MadeBy.ENDED_BUILD);
            case RUNNING_BUILD, CLAIMS_BUILD -> madeBy(MadeBy.UNKNOWN_BUILD);
            default -> this;
        };
    }

    /** The same, and nothing of what people or Jenkins wrote, which may name the build, its job or what that does. */
    @NonNull
    public TokenRow withoutBuild() {
        return new TokenRow(
                id, "", "", type, expiresAt, live, withoutBuildState().madeBy(), null, endUnknown);
    }

    static boolean isOfIntegration(String type) {
        return type.strip().equalsIgnoreCase(INTEGRATION);
    }

    /** Whether it is for builds, as far as Qwiet said. */
    boolean isCi() {
        return !isOfIntegration(type);
    }

    /** When Qwiet ends it by itself, as far as it said. */
    End end() {
        return End.of(expiresAt, endUnknown);
    }

    /** Whether Qwiet named no end. */
    public boolean neverExpires() {
        return expiresAt == null && !endUnknown;
    }

    /** Whether it is live although the build that it was made for is over or gone. */
    public boolean leftBehind() {
        return live && madeBy.leftBehind();
    }

    /** What people wrote as its description, without what Jenkins adds to that: the build has a place of its own. */
    @NonNull
    public String userText() {
        return madeBy == MadeBy.NOT_JENKINS ? description : TokenDescription.userText(description);
    }
}
