package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;

/** The store beside two plain maps: what it knows, and what a new process would know. */
class LeaseStorePropertiesTest {
    private static final int NONCES = 6;
    private static final int BUILDS = 3;
    private static final List<String> JOBS = List.of("shop", "shop2", "mall", "mall/shop", "bank");

    private final FakeClock clock = new FakeClock(Leases.TEN);
    private Path directory;

    private interface Change {
        CompletableFuture<Void> make();
    }

    private final class Both {
        final FaultyDisk disk = FaultyDisk.sound();
        final Map<String, Lease> known = new HashMap<>();
        final Map<String, Lease> written = new HashMap<>();
        LeaseStore store;

        Both() {
            try {
                directory = Files.createTempDirectory("leases");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            restart();
        }

        void restart() {
            try {
                store = Leases.store(directory.resolve("leases"), clock, disk);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            known.clear();
            known.putAll(written);
            check();
        }

        void put(Lease lease, boolean diskIsFull) {
            if (on(diskIsFull, () -> store.put(lease))) {
                known.put(lease.nonce(), lease);
                written.put(lease.nonce(), lease);
            } else {
                known.computeIfPresent(lease.nonce(), (nonce, before) -> lease);
            }
            check();
        }

        void remove(String nonce, boolean diskIsFull) {
            on(diskIsFull, () -> store.remove(nonce));
            known.remove(nonce);
            check();
        }

        void move(String from, String to, boolean diskIsFull) {
            boolean taken = on(diskIsFull, () -> store.move(from, to));
            known.replaceAll((nonce, lease) -> {
                Lease moved = lease.moved(from, to);
                if (taken && !moved.equals(lease)) {
                    written.put(nonce, moved);
                }
                return moved;
            });
            check();
        }

        private boolean on(boolean diskIsFull, Change change) {
            if (diskIsFull) {
                disk.fill();
            }
            try {
                change.make().join();
                return true;
            } catch (CompletionException e) {
                assertThat(diskIsFull).isTrue();
                return false;
            } finally {
                disk.mend();
                // Whatever the disk refused is written by then.
                store.mend().join();
                written.clear();
                written.putAll(store.leases().stream().collect(Collectors.toMap(Lease::nonce, l -> l)));
            }
        }

        private void check() {
            assertThat(store.leases()).containsExactlyInAnyOrderElementsOf(known.values());
            assertThat(store.setAside()).isEmpty();
            for (int i = 0; i < NONCES; i++) {
                String nonce = Leases.nonce(i);
                assertThat(store.find(nonce)).isEqualTo(Optional.ofNullable(known.get(nonce)));
            }
            Set<String> builds = builds();
            known.values().forEach(lease -> builds.add(lease.buildId()));
            for (String build : builds) {
                assertThat(store.ofBuild(build))
                        .containsExactlyInAnyOrderElementsOf(known.values().stream()
                                .filter(lease -> lease.buildId().equals(build))
                                .toList());
            }
        }
    }

    /** Those that leases are made for. */
    private static Set<String> builds() {
        Set<String> builds = new HashSet<>();
        for (int i = 0; i < BUILDS; i++) {
            builds.add(build(i));
        }
        return builds;
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void knowsWhatItWasTold(@ForAll("lives") ActionChain<Both> life) {
        life.run();
    }

    @Provide
    Arbitrary<ActionChain<Both>> lives() {
        return ActionChain.startWith(Both::new)
                .withAction(6, putting())
                .withAction(3, removing())
                .withAction(2, moving())
                .withAction(1, Action.just(Transformer.mutate("restart", Both::restart)))
                .withMaxTransformations(40);
    }

    @AfterTry
    void tidyUp() throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Action.Independent<Both> putting() {
        List<BiFunction<Integer, String, Lease>> stages = List.of(
                (n, build) -> Leases.intent(n, build),
                (n, build) -> Leases.live(n, build),
                (n, build) -> Leases.live(n, build).released(Leases.NOON),
                (n, build) -> Leases.live(n, build).failed("no answer", Leases.NOON),
                (n, build) -> Leases.live(n, build).notAllowed("403", Leases.NOON));
        Arbitrary<Lease> leases = Combinators.combine(
                        Arbitraries.integers().between(0, NONCES - 1),
                        Arbitraries.integers().between(0, BUILDS - 1),
                        Arbitraries.of(stages))
                .as((nonce, build, stage) -> stage.apply(nonce, build(build)));
        return () -> Combinators.combine(leases, full())
                .as((lease, full) -> Transformer.mutate(
                        "put " + lease + (full ? ", disk full" : ""), both -> both.put(lease, full)));
    }

    private static Action.Independent<Both> removing() {
        return () -> Combinators.combine(Arbitraries.integers().between(0, NONCES - 1), full())
                .as((nonce, full) -> Transformer.mutate(
                        "remove " + nonce + (full ? ", disk full" : ""),
                        both -> both.remove(Leases.nonce(nonce), full)));
    }

    private static Action.Independent<Both> moving() {
        return () -> Combinators.combine(Arbitraries.of(JOBS), Arbitraries.of(JOBS), full())
                .as((from, to, full) -> Transformer.mutate(
                        "move " + from + " to " + to + (full ? ", disk full" : ""), both -> both.move(from, to, full)));
    }

    private static Arbitrary<Boolean> full() {
        return Arbitraries.integers().between(0, 4).map(one -> one == 0);
    }

    private static String build(int number) {
        return "shop#" + number;
    }
}
