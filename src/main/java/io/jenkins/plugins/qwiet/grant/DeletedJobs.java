package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Revokes the tokens of jobs that are being deleted. A folder takes its own credentials along, so what is not known of them is
 * looked up before it is gone; but whoever provides them may hang, and a folder of many jobs is to go all the same.
 */
final class DeletedJobs {
    private static final Logger LOGGER = Logger.getLogger(DeletedJobs.class.getName());

    private static final long LONGEST_LOOK_UP_SECONDS = 5;

    /** Which somebody waited for in vain, and which are still being looked up. */
    private static final Set<Account> UNANSWERED = ConcurrentHashMap.newKeySet();

    private DeletedJobs() {}

    /**
     * {@link TokenRevoker#recall(Collection, Map)}, which goes on in the background. Waits some seconds at most for those service
     * accounts that Jenkins does not keep in memory, and once for each, however many jobs are deleted meanwhile.
     */
    static void recall(@NonNull Collection<Lease> some) throws AbortException {
        Map<Lease, CompletableFuture<?>> lookedUp = new HashMap<>();
        TokenRevoker.recall(some, new ConcurrentHashMap<>(), lookedUp);
        lookedUp.entrySet()
                .removeIf(each -> UNANSWERED.contains(each.getKey().account())
                        || QwietConnections.get().kept(each.getKey()).isPresent());
        try {
            CompletableFuture.allOf(lookedUp.values().toArray(CompletableFuture[]::new))
                    .get(LONGEST_LOOK_UP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            lookedUp.forEach((lease, answer) -> {
                UNANSWERED.add(lease.account());
                answer.whenComplete((client, problem) -> UNANSWERED.remove(lease.account()));
            });
        } catch (ExecutionException e) {
            LOGGER.log(Level.FINE, e, () -> "Leases of a deleted job without a credential so far");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
