package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Account;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The service accounts that minted the tokens that are open, in memory alone: for when a credential cannot be found any
 * more, or was never found by Jenkins itself. Safe on any thread.
 */
final class KeptAccounts {
    /** Between the look-up of an account and the lease that names it: a mint may wait for a thread, or for Qwiet. */
    private static final Duration MINT = Duration.ofMinutes(15);

    /** What a credential held while its tokens lived: more often it is not replaced in that time. */
    private static final int MOST_BEARERS = 8;

    /** @param bearers the newest first: which of them minted which token, Qwiet knows */
    private record Kept(List<SecretText> bearers, Instant at) {
        Kept with(SecretText bearer, Instant now) {
            return new Kept(
                    Stream.concat(Stream.of(bearer), bearers.stream())
                            .distinct()
                            .limit(MOST_BEARERS)
                            .toList(),
                    now);
        }
    }

    private final Map<Account, Kept> kept = new ConcurrentHashMap<>();
    private final InstantSource clock;

    KeptAccounts(@NonNull InstantSource clock) {
        this.clock = clock;
    }

    void keep(@NonNull Account account, @NonNull SecretText bearer) {
        kept.compute(
                account,
                (key, before) ->
                        (before == null ? new Kept(List.of(), Instant.EPOCH) : before).with(bearer, clock.instant()));
    }

    /** All that were looked up for it since one of its leases was opened, the newest first. */
    @NonNull
    List<SecretText> of(@NonNull Account account) {
        Kept of = kept.get(account);
        return of == null ? List.of() : of.bearers();
    }

    /** After an item, perhaps one with an account in it, got another name or place. */
    void move(@NonNull String from, @NonNull String to) {
        kept.forEach((account, secret) -> {
            Account moved = account.moved(from, to);
            if (!moved.equals(account)) {
                kept.put(moved, secret);
                kept.remove(account, secret);
            }
        });
    }

    /** Lets go of those that no open lease names. */
    void keepOnly(@NonNull Set<Account> open) {
        Instant mintsBegan = clock.instant().minus(MINT);
        kept.entrySet()
                .removeIf(each ->
                        !open.contains(each.getKey()) && each.getValue().at().isBefore(mintsBegan));
    }
}
