package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/**
 * The disk takes nothing, so that no token can be minted; or does not give what somebody put on it.
 *
 * @param since when it first refused
 * @param reason of the last time, in words for a person
 */
public record DiskTrouble(@NonNull Instant since, @NonNull String reason) {}
