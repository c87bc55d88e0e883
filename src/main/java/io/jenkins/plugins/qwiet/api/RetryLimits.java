package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/**
 * How long a client insists when a call certainly had no effect.
 *
 * @param retries how often at most after the first try
 * @param firstDelay before the first retry; doubles each time, unless Qwiet says how long to wait
 * @param total no retry begins later than this after the first try
 */
public record RetryLimits(
        int retries, @NonNull Duration firstDelay, @NonNull Duration total) {
    /** Four retries within 90 s, beginning after half a second. */
    public static final RetryLimits DEFAULT = new RetryLimits(4, Duration.ofMillis(500), Duration.ofSeconds(90));
}
