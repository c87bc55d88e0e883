package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Call;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever set of leases, organizations and credentials always fails, after whatever outage: each token that can be
 * revoked is revoked within the bound that {@link Janitor} states. On virtual time, over random sets.
 */
class JanitorFairnessTest {
    private static final int WORLDS = 400;
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    /** A minute, an hour, and whatever an odd box may name. */
    private static final List<Duration> TO_WAIT = List.of(A_MINUTE, Duration.ofHours(1), Duration.ofDays(1));

    private static final Turn[] FAILURES = {
        Turn.RETRY_LATER,
        Turn.LOST,
        Turn.NOT_SENT,
        Turn.UNAUTHORIZED,
        Turn.INVALID,
        Turn.CONFLICT,
        Turn.GONE,
        Turn.FORBIDDEN,
        Turn.BREAKS
    };

    @TempDir
    Path directory;

    /** Some organizations at one address with some service accounts, and what always fails there. */
    private final class World {
        final Random random;
        final String name;
        final FakeClock clock = new FakeClock(Leases.TEN);
        final List<ScriptedQwiet> organizations = new ArrayList<>();
        final Set<OrganizationSweep.Key> broken = new HashSet<>();
        final ScriptedQwiet nothingWorks = new ScriptedQwiet(clock);
        final Map<OrganizationSweep.Key, Integer> failing = new HashMap<>();
        /** By token, what it is the token of. */
        final Map<String, Lease> revocable = new HashMap<>();

        final LeaseStore store;
        final Janitor janitor;
        /** Where some of what fails asks to wait. */
        final Set<OrganizationSweep.Key> askingToWait = new HashSet<>();

        long count;

        World(int seed) throws IOException {
            random = new Random(seed);
            name = "world " + seed;
            store = Leases.store(directory.resolve(name), clock, new Nowhere());
            var leasing = new Leasing(store, clock, Leases.nonces());
            janitor = new Janitor(
                    leasing,
                    lease -> Optional.of(
                            broken.contains(OrganizationSweep.Key.of(lease))
                                    ? nothingWorks.client()
                                    : of(lease).client()),
                    lease -> false,
                    clock,
                    1 + random.nextInt(8));
            nothingWorks.always(Turn.LOST);
            int number = 1 + random.nextInt(3);
            for (int i = 1; i <= number; i++) {
                var qwiet = new ScriptedQwiet(clock, "1f0c2f5e-0000-4000-8000-00000000000" + i);
                qwiet.asksToWait(TO_WAIT.get(random.nextInt(TO_WAIT.size())));
                organizations.add(qwiet);
            }
        }

        ScriptedQwiet of(Lease lease) {
            return organizations.stream()
                    .filter(each -> each.organization().equals(lease.organization()))
                    .findFirst()
                    .orElseThrow();
        }

        void fill() throws IOException {
            int leases = 1 + random.nextInt(120);
            double poisoned = random.nextDouble();
            boolean poisonedFirst = random.nextBoolean();
            Set<ScriptedQwiet> unlistable = organizations.stream()
                    .filter(each -> random.nextInt(4) == 0)
                    .collect(Collectors.toSet());
            unlistable.forEach(each -> each.always(Call.LIST, Turn.LOST));
            for (int i = 0; i < leases; i++) {
                boolean fails = poisonedFirst ? i < leases * poisoned : random.nextDouble() < poisoned;
                put(fails, random.nextInt(5) == 0, unlistable);
                clock.advance(Duration.ofSeconds(random.nextInt(3)));
            }
            if (random.nextBoolean()) {
                broken.add(OrganizationSweep.Key.of(store.leases().get(0)));
            }
            revocable.values().removeIf(lease -> broken.contains(OrganizationSweep.Key.of(lease)));
        }

        private void put(boolean fails, boolean intent, Set<ScriptedQwiet> unlistable) throws IOException {
            ScriptedQwiet qwiet = organizations.get(random.nextInt(organizations.size()));
            Lease live = Leases.liveIn(qwiet, ++count, "shop#" + count, clock, "account-" + random.nextInt(3));
            store.put(intent ? Leases.intentOf(live) : live);
            if (fails) {
                Turn failure = FAILURES[random.nextInt(FAILURES.length)];
                qwiet.poison(live.tokenId(), failure);
                if (failure == Turn.RETRY_LATER) {
                    askingToWait.add(OrganizationSweep.Key.of(live));
                }
                failing.merge(OrganizationSweep.Key.of(live), 1, Integer::sum);
            } else if (!intent || !unlistable.contains(qwiet)) {
                revocable.put(qwiet.organization().orgId() + live.tokenId(), live);
            }
        }

        /** All fails for a while, and then only what always fails. */
        void outage() {
            int minutes = random.nextBoolean() ? 0 : random.nextInt(180);
            organizations.forEach(each -> each.outage(true));
            for (int i = 0; i < minutes; i++) {
                sweep();
            }
            organizations.forEach(each -> each.outage(false));
        }

        Duration bound(Lease lease) {
            var key = OrganizationSweep.Key.of(lease);
            return Duration.ofMinutes(40 + failing.getOrDefault(key, 0)).plusHours(askingToWait.contains(key) ? 1 : 0);
        }

        void sweep() {
            janitor.sweep().join();
            clock.advance(A_MINUTE);
        }

        void check() {
            for (long minute = 0; !revocable.isEmpty(); minute++) {
                sweep();
                Set<String> there = organizations.stream()
                        .flatMap(each -> each.tokens().stream()
                                .map(Token::id)
                                .map(id -> each.organization().orgId() + id))
                        .collect(Collectors.toSet());
                revocable.keySet().retainAll(there);
                Duration since = Duration.ofMinutes(minute);
                assertThat(revocable.values())
                        .as(name + ", minute " + minute)
                        .allMatch(lease -> since.compareTo(bound(lease)) < 0);
            }
        }
    }

    @Test
    void eachTokenThatCanBeRevokedIsRevokedWithinTheBound() throws IOException {
        for (int seed = 0; seed < WORLDS; seed++) {
            var world = new World(seed);
            world.fill();
            world.outage();
            world.check();
        }
    }
}
