package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a process knew all the time while it was stopped in order, so that the next one has to know it. What it learned or
 * forgot meanwhile, the last thing that it wrote may have or not.
 *
 * @param leases as they were
 * @param changed nonces of those that were changed meanwhile
 */
record Written(Set<Lease> leases, Set<String> changed) {
    static Written of(Collection<Lease> atFirst, Collection<Lease> atLast) {
        Set<Lease> leases = atFirst.stream().filter(atLast::contains).collect(Collectors.toSet());
        Set<String> changed = nonces(atFirst);
        changed.retainAll(nonces(atLast));
        changed.removeAll(nonces(leases));
        return new Written(leases, changed);
    }

    /** One more may be there: an intent that the disk wrote though it said no. That costs a call. */
    boolean isIn(List<Lease> now) {
        return Set.copyOf(now).containsAll(leases) && nonces(now).containsAll(changed);
    }

    private static Set<String> nonces(Collection<Lease> leases) {
        return leases.stream().map(Lease::nonce).collect(Collectors.toSet());
    }
}
