package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/**
 * That a call is made once more, for whoever waits for it.
 *
 * @param reason what became of the try before, in words for a person
 * @param after how long until then; zero if it is made at once
 */
public record Retry(@NonNull String reason, @NonNull Duration after) {}
