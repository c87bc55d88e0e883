package io.jenkins.plugins.qwiet.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The short form of {@link Worlds}. */
class WorldsTest {
    private static final int SOME = 2000;
    /** Of one in which nothing fails early. */
    private static final long SEED = 8;

    @Test
    void noPromiseIsBrokenInAnyOfSomeWorlds() {
        Worlds worlds = Worlds.run(1, SOME, so -> {});
        assertThat(worlds.failures())
                .as(() -> "./prove worlds 1 SEED shows what happened in one of them. In the first: "
                        + (worlds.failures().isEmpty() ? "" : worlds.firstFailure()))
                .extracting(failure -> failure.seed() + ": " + failure.violationOrNull())
                .isEmpty();
        assertThat(worlds.used()).as("tokens that builds got and used").isGreaterThan(SOME);
    }

    @Test
    void theSameSeedIsTheSameWorld() {
        Worlds.quietly(() -> {
            for (long seed = 1; seed <= 40; seed++) {
                World.Outcome once = World.run(seed, false);
                World.Outcome again = World.run(seed, true);
                World.Outcome onceMore = World.run(seed, true);
                assertThat(again.fingerprint()).as("seed " + seed).isEqualTo(once.fingerprint());
                assertThat(onceMore.text()).as("seed " + seed).isEqualTo(again.text());
                assertThat(again.text()).contains("world        " + seed + ":");
            }
        });
    }

    /** Whatever breaks, and wherever: a test that ends then would say nothing of the world that it was in. */
    @Test
    void whatIsThrownInTheMiddleOfAWorldIsToldWithItsSeedAndWhatHappened() {
        World.Outcome outcome = outcomeOf(world -> {
            throw new StackOverflowError("too deep");
        });
        assertThat(outcome.seed()).isEqualTo(SEED);
        assertThat(outcome.violationOrNull()).contains("too deep");
        assertThat(outcome.text())
                .contains("world        " + SEED + ":")
                .contains("start  ")
                .contains("thrown       java.lang.StackOverflowError: too deep")
                .contains("at " + WorldsTest.class.getName());
    }

    /** Not only in what is left at the end, and not only in one piece. */
    @Test
    void aValueIsSeenInEachWriteAndInEachName() {
        assertThat(outcomeOf(world -> write(world, "a", "its value: " + Secrets.MARK, ""))
                        .violationOrNull())
                .contains("A value is written to the disk, in a");
        String half = Secrets.MARK.substring(0, 9);
        String rest = Secrets.MARK.substring(9);
        assertThat(outcomeOf(world -> write(world, "a", "its value: " + half, rest + "…"))
                        .violationOrNull())
                .contains("A value is written to the disk, in a");
        assertThat(outcomeOf(world -> write(world, Secrets.MARK, "", "")).violationOrNull())
                .contains("A value is written to the disk, in eyJ");
        assertThat(outcomeOf(world -> write(world, "a", rest, half)).violationOrNull())
                .isNull();
    }

    private interface Act {
        void on(World world) throws IOException;
    }

    private static World.Outcome outcomeOf(Act act) {
        var outcomes = new World.Outcome[1];
        Worlds.quietly(() -> {
            var world = new World(SEED, true);
            world.timeline().after(Duration.ofSeconds(30), Timeline.NATURE, () -> {
                try {
                    act.on(world);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            outcomes[0] = world.run();
        });
        return outcomes[0];
    }

    private static void write(World world, String name, String one, String other) throws IOException {
        VirtualDisk.View view = world.main().disk().view(new Timeline.Life());
        view.create(name);
        VirtualFile file = view.create(name + "-again");
        file.append(one.getBytes(StandardCharsets.UTF_8));
        file.append(other.getBytes(StandardCharsets.UTF_8));
        file.close();
    }
}
