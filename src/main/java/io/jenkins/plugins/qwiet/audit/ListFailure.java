package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Outcome;

/**
 * Why the list cannot be had, and what to do.
 *
 * @param status the HTTP status; 0 if there was no answer
 * @param reason a sentence, in Qwiet's words if it was Qwiet who said no; see {@link DisplayText}
 * @param advice a sentence; empty if there is none to give
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ListFailure(
        int status, @NonNull String reason, @NonNull String advice) {
    private static final int MAX_REASON = 500;

    public ListFailure {
        reason = reason == null ? "" : reason;
        advice = advice == null ? "" : advice;
    }

    /** @throws IllegalStateException if the list was had */
    @NonNull
    static ListFailure of(@NonNull Outcome<Long> outcome) {
        if (outcome instanceof Outcome.Refused<Long> refused) {
            String reason = "Qwiet answered " + refused.inWords();
            return new ListFailure(refused.status(), DisplayText.cut(reason, MAX_REASON), advice(refused.status()));
        }
        return new ListFailure(0, DisplayText.cut(outcome.reason(), MAX_REASON), "");
    }

    private static String advice(int status) {
        return switch (status) {
            case 401 ->
                "Check that the service account's token in the credential is the one Qwiet knows, and is not over.";
            case 403 -> "The service account may not list tokens. A super admin can give it the scope tokens:list.";
            case 404 -> "Check the organization's id, and the address of the API.";
            default -> "";
        };
    }
}
