package io.jenkins.plugins.qwiet.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs many worlds, one after the other, each by its own seed. Arguments: how many (10000), the first seed (1).
 * Prints each in which a promise is broken at once. With one world, prints its history. Ends with status 1 if a promise was broken in one of them.
 */
public final class Worlds {
    private static final long EVERY_NANOS = 5_000_000_000L;
    private static final int MOST_FAILURES = 1000;
    // Held: a logger that nobody holds forgets its level.
    private static final Logger LOGGER = Logger.getLogger("io.jenkins.plugins.qwiet");

    private final List<World.Outcome> failures = new ArrayList<>();
    private long worlds;
    private long events;
    private long minted;
    private long used;
    private long fingerprint;

    /** Runs these, until there is no sense in finding more failures. */
    static Worlds run(long first, long number, Consumer<Worlds> afterEach) {
        var all = new Worlds();
        quietly(() -> {
            for (long seed = first; seed < first + number && all.failures.size() < MOST_FAILURES; seed++) {
                all.add(World.run(seed, false));
                afterEach.accept(all);
            }
        });
        return all;
    }

    /** Thousands of faults would make thousands of warnings. */
    static void quietly(Runnable work) {
        Level before = LOGGER.getLevel();
        LOGGER.setLevel(Level.OFF);
        try {
            work.run();
        } finally {
            LOGGER.setLevel(before);
        }
    }

    private void add(World.Outcome outcome) {
        worlds++;
        events += outcome.events();
        minted += outcome.minted();
        used += outcome.used();
        fingerprint = fingerprint * 31 + outcome.fingerprint();
        if (outcome.violationOrNull() != null) {
            failures.add(outcome);
        }
    }

    /** All that happened in the first world in which a promise was broken. */
    String firstFailure() {
        return history(failures.get(0).seed());
    }

    private static String history(long seed) {
        var text = new StringBuilder();
        quietly(() -> text.append(World.run(seed, true).text()));
        return text.toString();
    }

    List<World.Outcome> failures() {
        return failures;
    }

    long used() {
        return used;
    }

    String figures() {
        return String.format(
                Locale.ROOT,
                "worlds %d, events %d, tokens minted %d, used %d, worlds with a broken promise %d, fingerprint %016x",
                worlds,
                events,
                minted,
                used,
                failures.size(),
                fingerprint);
    }

    /** See the class. */
    public static void main(String[] args) {
        long number = args.length > 0 ? Long.parseLong(args[0]) : 10_000;
        long first = args.length > 1 ? Long.parseLong(args[1]) : 1;
        long begun = System.nanoTime();
        long[] told = {begun};
        int[] toldFailures = {0};
        Worlds all = run(first, number, so -> {
            for (World.Outcome failure : so.failures.subList(toldFailures[0], so.failures.size())) {
                System.out.printf("seed %d: %s%n", failure.seed(), failure.violationOrNull());
            }
            toldFailures[0] = so.failures.size();
            long now = System.nanoTime();
            if (now - told[0] > EVERY_NANOS) {
                told[0] = now;
                System.out.printf(
                        Locale.ROOT,
                        "%d worlds, %.0f a second, %d with a broken promise%n",
                        so.worlds,
                        so.worlds * 1e9 / (now - begun),
                        so.failures.size());
            }
        });
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT, "%s, %.1f s, %.0f worlds a second%n", all.figures(), seconds, all.worlds / seconds);
        if (number == 1 || !all.failures.isEmpty()) {
            System.out.println(number == 1 ? history(first) : all.firstFailure());
        }
        System.exit(all.failures.isEmpty() ? 0 : 1);
    }
}
