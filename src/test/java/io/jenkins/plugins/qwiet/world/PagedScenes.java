package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.fake.Meddling;
import java.time.Duration;

/** Of {@link Scenes}: those of lists that come in pages. */
final class PagedScenes {
    private final World world;
    private final Scenes scenes;
    private final Installation home;
    private final Dice dice;

    PagedScenes(World world, Scenes scenes) {
        this.world = world;
        this.scenes = scenes;
        this.home = world.main();
        this.dice = world.dice();
    }

    /** @see Scenes#plan */
    boolean plan(long end) {
        QwietPages pages = world.qwiet().pages();
        if (pages.slip() && dice.chance(0.7)) {
            scenes.at(dice.skewed(0, end / 2), this::lostWherePagesSlip);
        }
        boolean fail = pages.areSeveral() && dice.chance(0.4);
        if (fail) {
            scenes.at(scenes.beforeTheEnd(end), this::lostBeforeAPageThatFails);
        }
        return fail;
    }

    /** From now on only the first page of a list can be had. A token is made whose answer is lost, then others make some. */
    private void lostBeforeAPageThatFails() {
        String account = dice.oneOf(world.people().credentialsIds());
        String organization = world.people().organization(account);
        home.withController(controller -> {
            world.say("scene", () -> "a token lost before a page that fails");
            world.others().leave();
            world.qwiet().pages().fail(true);
            scenes.shortBuild(controller.grants(), dice.oneOf(home.jobs()), account, Meddling.CUT_AFTER);
            scenes.at(
                    Duration.ofSeconds(5).toNanos(),
                    () -> world.others().add(organization, world.qwiet().pages().size()));
        });
    }

    /** A token is made whose answer is lost, and it comes first on the second page: no list shows it. */
    private void lostWherePagesSlip() {
        String account = dice.oneOf(world.people().credentialsIds());
        String organization = world.people().organization(account);
        home.withController(controller -> {
            world.say("scene", () -> "a token lost where pages slip");
            int before = world.qwiet().listed(organization).size();
            world.others().add(organization, Math.max(0, world.qwiet().pages().size() - before));
            scenes.shortBuild(controller.grants(), dice.oneOf(home.jobs()), account, Meddling.CUT_AFTER);
        });
    }
}
