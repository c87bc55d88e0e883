package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.fake.Meddling;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Orders of events that chance alone makes too seldom, in the middle of whatever else happens in a world. Each is one that
 * happened, or that somebody had to think of.
 */
final class Scenes {
    private static final Duration A_DAY = Duration.ofDays(1);
    private static final Duration LEAST_BEFORE_THE_END = Duration.ofSeconds(40);
    private static final Duration LONGEST_BEFORE_THE_END = Duration.ofMinutes(20);

    private final World world;
    private final Installation home;
    private final Timeline timeline;
    private final Dice dice;

    Scenes(World world) {
        this.world = world;
        this.home = world.main();
        this.timeline = world.timeline();
        this.dice = world.dice();
    }

    /**
     * Plans some for this world.
     *
     * @param end when faults end
     * @return whether something fails for good then
     */
    boolean plan(long end) {
        boolean fails = false;
        if (dice.chance(0.1)) {
            at(dice.skewed(0, end), world::copy);
        }
        if (dice.chance(world.weather().locksHold() ? 0.1 : 0.8)) {
            at(dice.skewed(0, end), home::startSecond);
        }
        if (dice.chance(0.2)) {
            tampering(end);
        }
        if (!world.weather().locksHold() && dice.chance(0.5)) {
            at(dice.skewed(0, end), this::unreadByTheSecond);
        }
        if (dice.chance(0.04)) {
            at(dice.skewed(0, end), this::copyAfterARestart);
        }
        if (dice.chance(0.02)) {
            at(dice.skewed(0, end), this::manyBuilds);
        }
        if (dice.chance(0.03)) {
            at(dice.skewed(0, end), this::folderDeleted);
        }
        if (dice.chance(0.03)) {
            at(dice.skewed(0, end), this::markDamaged);
        }
        if (dice.chance(0.03)) {
            at(dice.skewed(0, end), this::twinOfBeforeTwoStarts);
        }
        if (dice.chance(0.04)) {
            at(beforeTheEnd(end), this::crashInUse);
            fails = true;
        }
        if (home.jobs().size() > 1 && dice.chance(0.06)) {
            at(beforeTheEnd(end), this::twinBehindAJobWithoutCredentials);
            fails = true;
        }
        fails |= new PagedScenes(world, this).plan(end);
        if (!world.qwiet().pages().areSeveral() && !world.weather().keepLists() && dice.chance(0.15)) {
            at(dice.skewed(0, end / 2), this::answerOfOthers);
        }
        long needed = Duration.ofMinutes(30).toNanos();
        if (world.weather().cachesTellTheTime() && end > needed && dice.chance(0.5)) {
            at(dice.below(1 + (int) ((end - needed) / 1_000_000_000L)) * 1_000_000_000L, () -> lostBehindACache(end));
        }
        return fails;
    }

    long beforeTheEnd(long end) {
        return Math.max(0, end - dice.skewed(LEAST_BEFORE_THE_END.toNanos(), LONGEST_BEFORE_THE_END.toNanos()));
    }

    /** Unless it is calm by then. */
    void at(long nanos, Runnable scene) {
        timeline.after(nanos, Timeline.NATURE, () -> {
            if (!world.weather().isCalm()) {
                scene.run();
            }
        });
    }

    private void inSeconds(long seconds, Consumer<Grants> work) {
        at(
                Duration.ofSeconds(seconds).toNanos(),
                () -> home.withController(controller -> work.accept(controller.grants())));
    }

    private Build build(Build.Job job, boolean resumes, Duration lasts) {
        return new Build(job, resumes, timeline.now() + lasts.toNanos());
    }

    private Grants.Order order(String account, Duration until) {
        return new Grants.Order(account, A_DAY, timeline.now() + until.toNanos());
    }

    /** A Jenkins is killed while a build uses many tokens, none of which was tried before, the oldest of which never goes. */
    private void crashInUse() {
        String account = dice.oneOf(world.people().credentialsIds());
        int tokens = dice.between(2, 20);
        home.withController(controller -> {
            world.say("scene", () -> "killed with " + tokens + " tokens in use");
            Build build = build(dice.oneOf(home.jobs()), false, A_DAY);
            controller.grants().add(build);
            world.qwiet().poisonNext();
            controller.grants().mint(build, order(account, A_DAY));
            for (int i = 0; i < tokens; i++) {
                inSeconds(2, grants -> grants.mint(build, order(account, A_DAY)));
            }
            // Whatever comes before: nothing else ends this build.
            timeline.after(Duration.ofSeconds(dice.between(5, 60)), Timeline.NATURE, () -> {
                home.kill(false);
                home.startWithin(Duration.ofMinutes(30));
            });
        });
    }

    /** Somebody restores what was kept before, or does something else to the files; and perhaps Jenkins is killed later. */
    private void tampering(long end) {
        for (int acts = dice.between(1, 3); acts > 0; acts--) {
            at(dice.below((int) (end / 1_000_000_000L) + 1) * 1_000_000_000L, home.tampering()::backUp);
            at(dice.below((int) (end / 1_000_000_000L) + 1) * 1_000_000_000L, () -> {
                home.tampering().plan();
                if (dice.chance(0.3)) {
                    at(dice.skewed(0, Duration.ofMinutes(1).toNanos()), home::startSecond);
                }
                if (dice.chance(0.5)) {
                    String account = dice.oneOf(world.people().credentialsIds());
                    home.withController(controller ->
                            shortBuild(controller.grants(), dice.oneOf(home.jobs()), account, Meddling.NONE));
                }
                if (dice.chance(0.5)) {
                    at(dice.skewed(0, Duration.ofMinutes(10).toNanos()), () -> {
                        home.kill(dice.chance(0.3));
                        home.startWithin(Duration.ofMinutes(30));
                    });
                }
            });
        }
    }

    /** What the first process promises after a second one has read its journal, only that journal has when the first is killed. */
    private void unreadByTheSecond() {
        String account = dice.oneOf(world.people().credentialsIds());
        home.withController(controller -> {
            world.say("scene", () -> "a promise that the second process has not read");
            home.startSecond();
            Build build = build(dice.oneOf(home.jobs()), true, Duration.ofHours(1));
            controller.grants().add(build);
            controller.grants().endInTime(build);
            world.weather().next(Operation.CREATE, List.of(Meddling.SILENT_AFTER));
            controller.grants().mint(build, order(account, Duration.ofMinutes(10)));
            at(dice.skewed(3_000_000_000L, 20_000_000_000L), () -> home.kill(false));
        });
    }

    /** By then, what the file system knows its directory by may tell the two apart, when nothing else does. */
    private void copyAfterARestart() {
        String account = dice.oneOf(world.people().credentialsIds());
        world.say("scene", () -> "a copy after a restart");
        home.kill(false);
        home.startWithin(Duration.ofSeconds(20));
        inSeconds(120, grants -> {
            Build build = build(dice.oneOf(home.jobs()), false, Duration.ofHours(1));
            grants.add(build);
            grants.endInTime(build);
            grants.mint(build, order(account, Duration.ofMinutes(50)));
        });
        at(Duration.ofMinutes(4).toNanos(), world::copy);
    }

    /** One after the other, each with a token for some seconds: what was known of them must not stay. */
    private void manyBuilds() {
        String account = dice.oneOf(world.people().credentialsIds());
        world.say("scene", () -> "many builds");
        for (int i = dice.between(20, 80); i > 0; i--) {
            inSeconds(30L * i, grants -> shortBuild(grants, dice.oneOf(home.jobs()), account, Meddling.NONE));
        }
    }

    /** The folder of leases is deleted, and a token is asked for before anybody looks. */
    private void folderDeleted() {
        String account = dice.oneOf(world.people().credentialsIds());
        home.withController(controller -> {
            world.say("scene", () -> "a deleted folder");
            home.tampering().deleteFolder(controller.life());
            inSeconds(1, grants -> shortBuild(grants, dice.oneOf(home.jobs()), account, Meddling.NONE));
        });
    }

    /** A process ends while a build has a token, and one of the two marks is damaged before the next one starts. */
    private void markDamaged() {
        String account = dice.oneOf(world.people().credentialsIds());
        home.withController(controller -> {
            world.say("scene", () -> "a damaged mark");
            Build build = build(dice.oneOf(home.jobs()), true, Duration.ofMinutes(30));
            controller.grants().add(build);
            controller.grants().endInTime(build);
            controller.grants().mint(build, order(account, Duration.ofMinutes(30)));
            at(Duration.ofSeconds(100).toNanos(), () -> {
                home.kill(false);
                home.tampering().damageAMark();
                home.startWithin(Duration.ofMinutes(5));
            });
        });
    }

    /** A twin is looked for by a process that starts after one that began the journal anew, and did not look for it yet. */
    private void twinOfBeforeTwoStarts() {
        String account = dice.oneOf(world.people().credentialsIds());
        home.withController(controller -> {
            world.say("scene", () -> "a twin of before two starts");
            shortBuild(controller.grants(), dice.oneOf(home.jobs()), account, Meddling.REPEATED);
            for (int seconds : new int[] {60, 180}) {
                at(Duration.ofSeconds(seconds).toNanos(), () -> {
                    home.kill(false);
                    home.startWithin(Duration.ofSeconds(20));
                });
            }
        });
    }

    /** Of two leases that ended, no credential is found any more for the first, and the second has a twin. */
    private void twinBehindAJobWithoutCredentials() {
        String account = dice.oneOf(world.people().credentialsIds());
        Build.Job first = home.jobs().get(0);
        Build.Job other = home.jobs().get(1);
        home.withController(controller -> {
            world.say("scene", () -> "a twin behind a job without credentials");
            shortBuild(controller.grants(), first, account, Meddling.NONE);
            at(Duration.ofSeconds(15).toNanos(), () -> world.people().hide(first));
            inSeconds(16, grants -> shortBuild(grants, other, account, Meddling.REPEATED));
        });
    }

    /** What a list showed of others half an hour ago is in the answer to a creation. */
    private void answerOfOthers() {
        String account = dice.oneOf(world.people().credentialsIds());
        home.withController(controller -> {
            world.say("scene", () -> "an answer of others");
            world.others().add(world.people().organization(account), 5);
            shortBuild(controller.grants(), dice.oneOf(home.jobs()), account, Meddling.NONE);
        });
        inSeconds(1_800, grants -> {
            world.weather().crossNext();
            world.weather().next(Operation.CREATE, List.of(Meddling.NONE));
            Build build = build(dice.oneOf(home.jobs()), true, Duration.ofMinutes(5));
            grants.add(build);
            grants.endInTime(build);
            grants.mint(build, order(account, Duration.ofMinutes(5)));
        });
    }

    void shortBuild(Grants grants, Build.Job job, String account, Meddling creation) {
        Build build = build(job, true, Duration.ofSeconds(12));
        grants.add(build);
        grants.endInTime(build);
        world.weather().next(Operation.CREATE, List.of(creation));
        world.weather().next(Operation.DELETE, List.of(Meddling.NONE));
        grants.mint(build, order(account, Duration.ofSeconds(10)));
    }

    /** A cache that writes a date of its own has kept a list; then a token comes into use, then another is made and lost. */
    private void lostBehindACache(long end) {
        String account = dice.oneOf(world.people().credentialsIds());
        home.withController(controller -> {
            world.say("scene", () -> "a token lost behind a cache");
            Build build = build(dice.oneOf(home.jobs()), true, Duration.ofNanos(end - timeline.now()));
            controller.grants().add(build);
            controller.grants().endInTime(build);
            controller.grants().mint(build, order(account, Duration.ofSeconds(10)));
            inSeconds(240, grants -> grants.mint(build, order(account, A_DAY)));
            inSeconds(600, grants -> {
                world.weather().next(Operation.CREATE, List.of(Meddling.CUT_AFTER));
                grants.mint(build, order(account, A_DAY));
            });
        });
    }
}
