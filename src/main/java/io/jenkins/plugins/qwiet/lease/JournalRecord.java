package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * One change of one lease.
 *
 * @param nonce of the lease
 * @param owner who wrote the lease, see {@link HomeMark}; null if and only if the lease is gone
 * @param lease what it is from here on; null if it is gone
 * @param ended whether its token is gone, and only a second one may be left; see {@link EndedLeases}
 * @param left whether a person said that the owner looks after its token
 */
record JournalRecord(
        String nonce,
        @CheckForNull String owner,
        @CheckForNull Lease lease,
        boolean ended,
        boolean left) {
    JournalRecord(String nonce, @CheckForNull String owner, @CheckForNull Lease lease, boolean ended) {
        this(nonce, owner, lease, ended, false);
    }

    static JournalRecord is(String owner, Lease lease) {
        return new JournalRecord(lease.nonce(), owner, lease, false);
    }

    static JournalRecord ended(String owner, Lease lease) {
        return new JournalRecord(lease.nonce(), owner, lease, true);
    }

    static JournalRecord gone(String nonce) {
        return new JournalRecord(nonce, null, null, false);
    }

    /** The same with what its lease is now. */
    JournalRecord with(Lease now) {
        return new JournalRecord(nonce, owner, now, ended, left);
    }

    static JournalRecord left(String owner, Lease lease) {
        return new JournalRecord(lease.nonce(), owner, lease, false, true);
    }
}
