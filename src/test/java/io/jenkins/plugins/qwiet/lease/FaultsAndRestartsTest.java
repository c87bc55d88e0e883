package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Leases, decisions about them and starts at other places, on a disk that fails or loses its power at any operation. */
@ExtendWith(QuietLeases.class)
class FaultsAndRestartsTest {
    private static final Path DIRECTORY = Path.of("/home/leases");

    @Test
    void whatWasPromisedIsThere() throws Exception {
        for (int seed = 0; seed < 1000; seed++) {
            life(seed);
        }
    }

    private void life(int seed) throws Exception {
        var random = new Random(seed);
        var clock = new FakeClock(Leases.NOON);
        var disk = new DiskWithHooks();
        int[] left = {Integer.MAX_VALUE};
        boolean[] once = {false};
        disk.hook = (op, file) -> {
            if (--left[0] < 0) {
                if (once[0]) {
                    left[0] = Integer.MAX_VALUE;
                }
                throw new IOException(op + " of " + file);
            }
        };
        String path = "/a";
        LeaseStore store = open(disk, clock, path, random);
        Set<String> all = new HashSet<>();
        Set<String> own = new HashSet<>();
        Set<String> decided = new HashSet<>();
        long next = 1;
        StringBuilder log = new StringBuilder("seed " + seed);
        for (int step = 0; step < 40; step++) {
            clock.advance(java.time.Duration.ofSeconds(20));
            int what = random.nextInt(12);
            if (random.nextInt(3) == 0) {
                left[0] = random.nextInt(12);
                once[0] = random.nextBoolean();
                log.append(" fault@").append(left[0]).append(once[0] ? "once" : "");
            }
            switch (what) {
                case 0, 1, 2 -> {
                    Lease lease = Leases.live(next, "shop#" + next);
                    next++;
                    log.append(" put").append(next - 1);
                    if (done(store.put(lease))) {
                        log.append("!");
                        all.add(lease.nonce());
                        own.add(lease.nonce());
                    }
                }
                case 3 -> {
                    log.append(" take");
                    Set<String> resting = nonces(store.resting());
                    if (done(store.takeOverResting())) {
                        log.append("!");
                        own.addAll(resting);
                    }
                }
                case 4 -> {
                    log.append(" forget");
                    done(store.forgetResting());
                }
                case 5 -> {
                    log.append(" remember");
                    done(store.others()
                            .remember(store.others().left().stream()
                                    .map(RestingLease::owner)
                                    .distinct()
                                    .toList()));
                }
                case 6 -> {
                    log.append(" move");
                    done(store.move("shop", "shop"));
                }
                case 7 -> {
                    log.append(" mend");
                    done(store.mend());
                }
                case 8 -> {
                    if (!own.isEmpty()) {
                        String one = own.iterator().next();
                        log.append(" release").append(Long.parseLong(one, 16));
                        done(store.release(one, clock.instant()));
                    }
                }
                default -> {
                    boolean power = random.nextBoolean();
                    boolean elsewhere = random.nextInt(3) == 0;
                    left[0] = Integer.MAX_VALUE;
                    if (power) {
                        disk.losePower();
                    } else if (random.nextBoolean()) {
                        done(store.close());
                    }
                    if (elsewhere) {
                        path = path.equals("/a") ? "/b" : "/a";
                        own.clear();
                    }
                    log.append(power ? " POWER" : " restart").append(elsewhere ? path : "");
                    store = open(disk, clock, path, random);
                    check(store, all, own, log);
                }
            }
        }
        left[0] = Integer.MAX_VALUE;
        disk.losePower();
        check(open(disk, clock, path, random), all, own, log);
    }

    private static void check(LeaseStore store, Set<String> all, Set<String> own, StringBuilder log) {
        Set<String> open = store.leases().stream().map(Lease::nonce).collect(Collectors.toSet());
        Set<String> union = Stream.of(
                        open, nonces(store.resting()), nonces(store.others().left()))
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
        assertThat(union).as("all that was promised: %s", log).containsAll(all);
        assertThat(open).as("its own: %s", log).containsAll(own);
        assertThat(store.setAside()).as("set aside: %s", log).isEmpty();
    }

    private static Set<String> nonces(List<RestingLease> leases) {
        return leases.stream().map(each -> each.lease().nonce()).collect(Collectors.toSet());
    }

    private static boolean done(CompletableFuture<Void> future) {
        return future.handle((ok, e) -> e == null).join();
    }

    private static LeaseStore open(DiskWithHooks disk, FakeClock clock, String path, Random random) throws Exception {
        return LeaseStore.open(new LeaseStore.Parts(
                DIRECTORY,
                clock,
                System::nanoTime,
                new Home(path, "one machine", "one instance"),
                () -> new UUID(random.nextLong(), random.nextLong()).toString(),
                disk,
                Runnable::run,
                2000));
    }
}
