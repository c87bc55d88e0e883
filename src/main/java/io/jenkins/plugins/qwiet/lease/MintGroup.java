package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Outcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Those whose requests for a token succeed or fail together: of an address, or of an organization and account there. Knows
 * how many different ones got none in a row, and who tries for all. Guarded by {@link MintTurns}.
 */
final class MintGroup {
    private final Object key;
    private final GroupPauses pauses;
    private final Set<String> failed = new HashSet<>();
    private final Set<String> askedToWait = new HashSet<>();

    @CheckForNull
    private Duration askedBefore;

    @CheckForNull
    private String probe;

    private long probeUntil;

    @CheckForNull
    private Long succeededAt;

    private String reason = "";

    MintGroup(Object key, GroupPauses pauses) {
        this.key = key;
        this.pauses = pauses;
    }

    boolean isDown() {
        return pauses.failures(key) > 0;
    }

    /** How many different ones failed since one succeeded. */
    int failures() {
        return failed.size();
    }

    /** Why it is down, in words for a person. */
    String reason() {
        return reason;
    }

    /** Whether such a one may ask: anybody, or, while it is down, one when the pause is over. */
    boolean mayAsk(String line, long now) {
        return !isDown() || isProbe(line) || (probe == null || now - probeUntil >= 0) && pauses.mayTry(key);
    }

    /** If it is down, that one tries for all, until it has; but no longer than that. */
    void letTry(String line, long until) {
        if (isDown()) {
            probe = line;
            probeUntil = until;
        }
    }

    /** It does not try for all any more. */
    void release(String line) {
        if (isProbe(line)) {
            probe = null;
        }
    }

    /** If it was to try for all, another one has to, after a pause. */
    void gaveUp(String line) {
        if (isProbe(line)) {
            probe = null;
            pauses.failed(key, null);
        }
    }

    void succeeded(long now) {
        pauses.succeeded(key);
        startAgain();
        succeededAt = now;
    }

    /** @param answer of Qwiet; it said something */
    void failed(String line, Outcome<?> answer) {
        boolean forAll = isProbe(line);
        release(line);
        if (!concernsAll(answer)) {
            if (forAll) {
                // Whatever it said, it can be asked.
                pauses.succeeded(key);
                startAgain();
            }
            return;
        }
        count(line, answer.retryAfter());
        if (forAll || !isDown() && isOutage()) {
            reason = answer.reason();
            pauses.failed(key, askedToWait.size() >= GroupTries.FAILURES_THAT_ASK_TO_WAIT ? askedBefore : null);
            // All of what Qwiet asks for counts, as another one asks each time.
            pauses.allTried(key);
        }
    }

    void startAgain() {
        failed.clear();
        askedToWait.clear();
        askedBefore = null;
        probe = null;
    }

    boolean succeededSince(long moment) {
        return succeededAt != null && succeededAt - moment > 0;
    }

    private boolean isProbe(String line) {
        return line.equals(probe);
    }

    /** Only different ones count. */
    private void count(String line, @CheckForNull Duration wait) {
        failed.add(line);
        if (wait == null) {
            askedToWait.clear();
        } else {
            askedToWait.add(line);
        }
        askedBefore = wait;
    }

    private boolean isOutage() {
        return failed.size() >= GroupTries.FAILURES
                || failed.size() >= GroupTries.FAILURES_THAT_ASK_TO_WAIT && askedToWait.equals(failed);
    }

    private boolean concernsAll(Outcome<?> answer) {
        boolean ofAddress = key instanceof ApiAddress;
        if (answer instanceof Outcome.Refused<?> refused) {
            // Anything else is said of the request.
            return !ofAddress && (refused.status() == 401 || refused.status() == 403 || refused.status() == 404);
        }
        // An account that is turned away since it asked too often says nothing of others.
        boolean turnedAway = answer instanceof Outcome.NotSent<?> && answer.retryAfter() != null;
        return !(answer instanceof Outcome.Done<?>) && !(turnedAway && ofAddress);
    }
}
