package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Revocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What became of tokens that were to be revoked.
 *
 * @param revoked how many this act revoked
 * @param gone how many were gone when Qwiet was asked: revoked by somebody else, expired, or never created
 * @param failures why the others could not be revoked, one for each
 */
record RevocationResult(int revoked, int gone, @NonNull List<String> failures) {
    RevocationResult {
        failures = List.copyOf(failures);
    }

    /** @param outcomes as {@link io.jenkins.plugins.qwiet.grant.TokenRevoker#recall} has them */
    static RevocationResult of(List<Lease> some, Map<String, Revocation> outcomes, LeaseStore store) {
        int revoked = 0;
        int gone = 0;
        List<String> failures = new ArrayList<>();
        for (Lease lease : some) {
            Revocation outcome = outcomes.get(lease.nonce());
            Lease left = store.find(lease.nonce()).orElse(null);
            if (outcome instanceof Revocation.Revoked done && done.wasThere()) {
                revoked++;
            } else if (outcome instanceof Revocation.Revoked || left == null) {
                // What failed then may have been revoked since.
                gone++;
            } else {
                failures.add(reason(left, outcome));
            }
        }
        return new RevocationResult(revoked, gone, failures);
    }

    private static String reason(@CheckForNull Lease left, @CheckForNull Revocation outcome) {
        String error = left == null ? null : left.lastError();
        if (error != null) {
            return error;
        } else if (outcome instanceof Revocation.NotAllowed refused) {
            return refused.message();
        } else if (outcome instanceof Revocation.Failed failed) {
            return failed.reason();
        }
        return outcome instanceof Revocation.NotListed
                ? Messages.RevocationResult_notListed()
                : Messages.RevocationMonitor_unknown();
    }

    /** How many are no longer valid. */
    int ended() {
        return revoked + gone;
    }
}
