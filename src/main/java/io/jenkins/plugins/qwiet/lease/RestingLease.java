package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/**
 * A lease that another Jenkins has written, as far as is known. Nothing is done about it until a person says whose it is.
 *
 * @param owner names who wrote it; a person decides about all of one owner at once
 * @param writtenIn where; its texts are empty if that is not known
 * @param why it is taken for another's: a clause for a person, without a full stop
 * @param since when that was noticed
 */
public record RestingLease(
        @NonNull Lease lease,
        @NonNull String owner,
        @NonNull Home writtenIn,
        @NonNull String why,
        @NonNull Instant since) {}
