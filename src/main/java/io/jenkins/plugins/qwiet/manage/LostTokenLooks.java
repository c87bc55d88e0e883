package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.grant.LostTokenSearch;
import io.jenkins.plugins.qwiet.grant.LostTokenSearch.Answer;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.LostTokens.Found;
import io.jenkins.plugins.qwiet.lease.LostTokens.Lost;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What the last look for lost tokens found in each organization, in memory, for an hour: what may be revoked is looked at again
 * in any case. Safe on any thread.
 */
final class LostTokenLooks {
    static final Duration KEPT = Duration.ofHours(1);
    /** Organizations; each look has {@value io.jenkins.plugins.qwiet.lease.LostTokens#MOST} tokens at most. */
    private static final int MOST = 20;

    /**
     * @param found what Qwiet listed then, without what was revoked or was not there any more
     * @param at when it was answered
     */
    record Look(@NonNull Found found, @NonNull Instant at) {}

    private final InstantSource clock;
    private final Map<Organization, Look> looks = new LinkedHashMap<>();
    private final Map<Organization, CompletableFuture<Answer>> underWay = new HashMap<>();

    LostTokenLooks(InstantSource clock) {
        this.clock = clock;
    }

    /** Looks, or joins a look that is under way. What was found before stays if Qwiet cannot be asked. */
    @NonNull
    synchronized CompletableFuture<Answer> look(@NonNull Organization organization, @NonNull Account account) {
        CompletableFuture<Answer> running = underWay.get(organization);
        if (running != null) {
            return running;
        }
        CompletableFuture<Answer> mine = new LostTokenSearch(organization, account)
                .look()
                .whenComplete((answer, problem) -> keep(organization, answer));
        if (!mine.isDone()) {
            underWay.put(organization, mine);
        }
        return mine;
    }

    private synchronized void keep(Organization organization, @CheckForNull Answer answer) {
        underWay.remove(organization);
        Found found = answer == null ? null : answer.found();
        if (found != null) {
            looks.remove(organization);
            looks.put(organization, new Look(found, clock.instant()));
            if (looks.size() > MOST) {
                looks.remove(looks.keySet().iterator().next());
            }
        }
    }

    /** The last one; null if there was none lately. */
    @CheckForNull
    synchronized Look last(@NonNull Organization organization) {
        Instant since = clock.instant().minus(KEPT);
        looks.values().removeIf(look -> look.at().isBefore(since));
        return looks.get(organization);
    }

    /**
     * Forgets tokens about which somebody has decided, those aside that were left alone.
     *
     * @param leftAlone the ids of these, with what is known of their builds by now
     */
    synchronized void update(
            @NonNull Organization organization, @NonNull Collection<Lost> some, @NonNull Map<String, Maker> leftAlone) {
        looks.computeIfPresent(organization, (key, look) -> {
            Map<Lost, Maker> rest = new LinkedHashMap<>(look.found().tokens());
            for (Lost token : some) {
                // Null takes it away.
                rest.computeIfPresent(token, (lost, maker) -> leftAlone.get(lost.id()));
            }
            return new Look(look.found().with(rest), look.at());
        });
    }
}
