package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;

/**
 * What those were told who did not get the list.
 *
 * @param asked how many were asked to wait
 * @param least of what they were asked to wait; null if there are none
 */
record Waits(int failed, int asked, @CheckForNull Duration least) {
    static final Waits NONE = new Waits(0, 0, null);

    /** At once is no wait. */
    Waits and(@CheckForNull Duration retryAfter) {
        if (retryAfter == null || retryAfter.isZero()) {
            return new Waits(failed + 1, asked, least);
        }
        return new Waits(failed + 1, asked + 1, least == null || retryAfter.compareTo(least) < 0 ? retryAfter : least);
    }

    /** Null if one of them failed otherwise. */
    @CheckForNull
    Duration forAll() {
        return asked == failed ? least : null;
    }
}
