package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;

/**
 * Decides in one pass how many leases of one organization and credential are tried at a time, and when it is no use to go
 * on. One lease that fails says nothing of the others: the group counts as down only when several different ones failed
 * one after the other. Then different ones are tried each time, twice as many as the last time. Safe on any thread.
 */
final class GroupTries {
    /** So many different leases in a row are an outage; single calls always fail now and then. */
    static final int FAILURES = 5;
    /** So many are, if Qwiet asked each of them to wait. */
    static final int FAILURES_THAT_ASK_TO_WAIT = 2;
    /** Tried at the end of one pause at the most. */
    static final int MOST_PROBES = 16;

    private final GroupPauses groups;
    private final Object key;
    private boolean down;
    private boolean over;
    private boolean anySuccess;
    private int inARow;
    private int askedInARow;
    private Duration wait;

    GroupTries(GroupPauses groups, Object key) {
        this.groups = groups;
        this.key = key;
        this.down = groups.failures(key) > 0;
    }

    /** How many to try next. */
    synchronized int step() {
        if (down) {
            return Math.min(MOST_PROBES, 1 << Math.min(groups.failures(key) - 1, 10));
        } else if (anySuccess) {
            return Integer.MAX_VALUE;
        }
        return inARow == 0 ? 1 : FAILURES - inARow;
    }

    synchronized void succeeded() {
        anySuccess = true;
        inARow = 0;
        askedInARow = 0;
        wait = null;
        down = false;
        groups.succeeded(key);
    }

    /** @param retryAfter how long Qwiet asked to wait; null if it did not say */
    synchronized void failed(@CheckForNull Duration retryAfter) {
        inARow++;
        if (retryAfter != null) {
            askedInARow++;
            // The least, so that one lease with an absurd answer does not hold up the others.
            wait = wait == null || retryAfter.compareTo(wait) < 0 ? retryAfter : wait;
        }
        int bearable = askedInARow == inARow ? FAILURES_THAT_ASK_TO_WAIT : FAILURES;
        if (!down && inARow >= bearable) {
            end();
        }
    }

    /** All of a step are tried. */
    synchronized void stepEnded() {
        if (down && !over) {
            end();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            groups.failed(key, allAsked() ? wait : null);
        }
    }

    /** One lease that is asked to wait says nothing of the others. */
    private boolean allAsked() {
        return askedInARow == inARow && (inARow >= FAILURES_THAT_ASK_TO_WAIT || groups.askedLast(key));
    }

    /** There is none that was not tried. */
    synchronized void allTried() {
        groups.allTried(key);
    }

    synchronized boolean mayGoOn() {
        return !over && groups.mayTry(key);
    }
}
