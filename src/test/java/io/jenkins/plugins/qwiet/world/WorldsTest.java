package io.jenkins.plugins.qwiet.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The short form of {@link Worlds}. */
class WorldsTest {
    private static final int SOME = 2000;

    @Test
    void noPromiseIsBrokenInAnyOfSomeWorlds() {
        Worlds worlds = Worlds.run(1, SOME, so -> {});
        assertThat(worlds.failures())
                .as("./prove worlds 1 SEED shows what happened in one of them")
                .extracting(failure -> failure.seed() + ": " + failure.violationOrNull())
                .isEmpty();
        assertThat(worlds.used()).as("tokens that builds got and used").isGreaterThan(SOME);
    }

    @Test
    void theSameSeedIsTheSameWorld() {
        Worlds.quietly(() -> {
            for (long seed = 1; seed <= 20; seed++) {
                World.Outcome once = World.run(seed, false);
                World.Outcome again = World.run(seed, true);
                // Leases are read in parallel at a start: then their order is not the seed's.
                if (!again.text().contains(" killed ")) {
                    assertThat(again.fingerprint()).as("seed " + seed).isEqualTo(once.fingerprint());
                }
                assertThat(again.text()).contains("world        " + seed + ":");
            }
        });
    }
}
