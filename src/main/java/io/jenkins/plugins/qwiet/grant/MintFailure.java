package io.jenkins.plugins.qwiet.grant;

import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.lease.MintResult;
import io.jenkins.plugins.qwiet.lease.MintResult.NotRecorded;
import io.jenkins.plugins.qwiet.lease.MintResult.Refused;
import io.jenkins.plugins.qwiet.lease.MintResult.TurnedAway;
import io.jenkins.plugins.qwiet.lease.MintResult.Undecided;
import io.jenkins.plugins.qwiet.lease.MintResult.Unreachable;

/** Says why there is no token, in Qwiet's words if it was Qwiet, and then what to do about it. */
final class MintFailure {
    private MintFailure() {}

    /** For a step that does without. */
    static String of(MintResult result, ResolvedRequest request) {
        if (result instanceof Refused refused) {
            return refused(refused, request);
        } else if (result instanceof Unreachable unreachable) {
            return Messages.MintFailure_unreachable(DisplayText.clause(unreachable.reason()));
        } else if (result instanceof TurnedAway turnedAway) {
            return Messages.MintFailure_turnedAway(DisplayText.clause(turnedAway.reason()));
        } else if (result instanceof Undecided undecided) {
            return Messages.MintFailure_undecided(DisplayText.clause(undecided.reason()));
        } else if (result instanceof NotRecorded notRecorded) {
            return Messages.MintFailure_notRecorded(DisplayText.clause(notRecorded.reason()));
        }
        throw new IllegalArgumentException("a minted token needs no excuse");
    }

    /** For a build that goes on, mostly with a token that is still good. */
    static String ofRenewal(MintResult result, ResolvedRequest request) {
        if (result instanceof Refused refused) {
            return refused(refused, request);
        } else if (result instanceof Unreachable unreachable) {
            return Messages.MintFailure_notRenewedUnreachable(DisplayText.clause(unreachable.reason()));
        } else if (result instanceof TurnedAway turnedAway) {
            return Messages.MintFailure_notRenewedTurnedAway(DisplayText.clause(turnedAway.reason()));
        } else if (result instanceof Undecided undecided) {
            return Messages.MintFailure_notRenewedUndecided(DisplayText.clause(undecided.reason()));
        } else if (result instanceof NotRecorded notRecorded) {
            return Messages.MintFailure_notRenewedNotRecorded(DisplayText.clause(notRecorded.reason()));
        }
        throw new IllegalArgumentException("a minted token needs no excuse");
    }

    private static String refused(Refused refused, ResolvedRequest request) {
        return Messages.MintFailure_refused(DisplayText.clause(inQwietsWords(refused.answer()))) + " "
                + whatToDo(refused.answer().status(), request);
    }

    private static String inQwietsWords(Outcome.Refused<MintedToken> answer) {
        String words = "HTTP " + answer.inWords();
        return answer.validationErrors().isEmpty()
                ? words
                : words + " (" + String.join("; ", answer.validationErrors()) + ")";
    }

    private static String whatToDo(int status, ResolvedRequest request) {
        String credential = request.connection().account().credentialsId();
        return switch (status) {
            case 400, 422 -> Messages.MintFailure_correct();
            case 401 -> Messages.MintFailure_replaceToken(credential);
            case 403 -> Messages.MintFailure_grantScope(credential);
            case 404 ->
                Messages.MintFailure_checkOrganization(
                        request.orgId(), request.connection().settings().apiAddress());
            case 409 -> Messages.MintFailure_otherLabel();
            default -> Messages.MintFailure_askQwiet();
        };
    }
}
