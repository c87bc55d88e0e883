package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.StoreOfWorld;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What comes when in a world, and what has to hold then. First everything may go wrong. Then, while some calls fail for good,
 * all that can be revoked has to be; then, while an account may not revoke, nothing is forgotten, and once it may, all is
 * revoked that it minted; then nothing fails any more and nothing may be left; and nothing may come back after a last power
 * cut.
 */
final class Course {
    /** When the faults end, whatever can be revoked is gone after so long. */
    static final Duration BOUND = Duration.ofHours(4);

    /** When an account gets a scope back, without a word to Jenkins: what was forbidden is tried again within the hour. */
    static final Duration FORBIDDEN_BOUND = Duration.ofMinutes(75);

    private static final Duration LONGEST_FORBIDDEN = Duration.ofHours(12);

    private final World world;
    private final Timeline timeline;
    private final Dice dice;
    private boolean poisonous;

    Course(World world) {
        this.world = world;
        this.timeline = world.timeline();
        this.dice = world.dice();
    }

    void run() {
        long end =
                dice.skewed(Duration.ofMinutes(5).toNanos(), Duration.ofHours(8).toNanos());
        poisonous = dice.chance(0.2);
        if (poisonous) {
            world.qwiet().poison(dice.chance(0.5) ? 0.3 : 0.05);
            Build.Job job = dice.oneOf(world.main().jobs());
            timeline.after(
                    dice.skewed(0, end), Timeline.NATURE, () -> world.people().hide(job));
        }
        boolean forbidding = dice.chance(0.05);
        if (forbidding) {
            timeline.after(
                    dice.skewed(0, end), Timeline.NATURE, () -> world.people().forbid());
        }
        if (world.weather().keepLists()) {
            // One page of now and one of before, with the date of now: nobody could know better.
            world.qwiet().pages().settle();
        }
        world.main().start();
        world.people().begin();
        for (int i = dice.between(1, 6); i > 0; i--) {
            timeline.after(dice.skewed(0, end * 3 / 4), Timeline.NATURE, () -> beginBuild(end));
        }
        poisonous |= new Scenes(world).plan(end);
        until(end, () -> false);
        calmDown();
        // Builds are over by now, and those that are not hold nothing up.
        if (poisonous) {
            theRestIsRevoked();
        }
        world.others().leave();
        if (forbidding) {
            whatWasForbiddenIsRevoked();
        }
        until(timeline.now() + BOUND.toNanos(), this::nothingIsLeft);
        require(this::nothingIsLeft, "Left after " + BOUND.toHours() + " hours without faults: ");
        resurrect();
    }

    private void beginBuild(long end) {
        if (world.weather().isCalm()) {
            return;
        }
        world.main().withController(controller -> {
            long endsAt = timeline.now() + dice.skewed(1_000_000_000L, Math.max(1, end - timeline.now()));
            controller.grants().begin(new Build(dice.oneOf(world.main().jobs()), dice.chance(0.7), endsAt));
        });
    }

    private void calmDown() {
        world.say("calm", () -> "no faults from here on");
        world.weather().calmDown();
        world.people().putInOrder();
        world.qwiet().pages().settle();
        for (Installation home : world.homes()) {
            home.disk().mend();
            if (home.controller() == null) {
                home.start();
            }
        }
    }

    private void theRestIsRevoked() {
        until(timeline.now() + BOUND.toNanos(), this::onlyWhatFailsIsLeft);
        require(this::onlyWhatFailsIsLeft, "What can be revoked is held up by what cannot: ");
        world.qwiet().heal();
        world.people().hide(null);
    }

    private void whatWasForbiddenIsRevoked() {
        until(timeline.now() + dice.skewed(0, LONGEST_FORBIDDEN.toNanos()), () -> false);
        // What an administrator still has to decide about is tried by nobody.
        until(
                timeline.now() + BOUND.toNanos(),
                () -> world.main().isUp()
                        && world.main().controller().store().resting().isEmpty());
        world.people().allow();
        BooleanSupplier revoked =
                () -> world.ledger().live().noneMatch(token -> world.people().wasForbidden(token.nonce()));
        until(timeline.now() + FORBIDDEN_BOUND.toNanos(), revoked);
        require(revoked, "Left " + FORBIDDEN_BOUND.toMinutes() + " minutes after it may be revoked again: ");
    }

    /** Leases whose removal was not on the disk yet may come back; they have to end again. */
    private void resurrect() {
        if (world.isBroken()) {
            return;
        }
        world.homes().forEach(home -> {
            home.kill(true);
            home.start();
        });
        until(timeline.now() + BOUND.toNanos(), this::nothingIsLeft);
        require(this::nothingIsLeft, "Left after a last power cut: ");
    }

    private void until(long end, BooleanSupplier enough) {
        while (!world.isBroken() && !enough.getAsBoolean() && timeline.step(end)) {
            world.ledger().check();
            for (Installation home : world.homes()) {
                if (home.isUp()) {
                    home.controller().checkThatNothingHangs();
                }
            }
        }
    }

    private void require(BooleanSupplier condition, String otherwise) {
        if (!world.isBroken() && !condition.getAsBoolean()) {
            world.violation(otherwise + left());
        }
    }

    private boolean nothingIsLeft() {
        return world.ledger().live().findAny().isEmpty()
                && world.homes().stream().allMatch(Course::isEmpty);
    }

    /** Nothing is open, nothing is kept that has ended, and nothing rests. */
    private static boolean isEmpty(Installation home) {
        LeaseStore store = home.isUp() ? home.controller().store() : null;
        return store != null && store.leases().isEmpty() && store.resting().isEmpty() && StoreOfWorld.ended(store) == 0;
    }

    private boolean onlyWhatFailsIsLeft() {
        return world.homes().stream().allMatch(Installation::isUp)
                && world.ledger()
                        .live()
                        .allMatch(token -> world.qwiet().isPoisoned(token)
                                || world.qwiet().isOnFailingPage(token)
                                || world.people().isUnseen(token.nonce())
                                || world.people().isForbidden(token.nonce()));
    }

    private String left() {
        List<String> leases = world.homes().stream()
                .map(home -> home.controller() == null
                        ? "unknown"
                        : home.controller().leases().stream()
                                .map(Lease::toString)
                                .toList()
                                .toString())
                .toList();
        return "tokens " + world.ledger().live().map(VirtualQwiet.Token::id).toList() + ", leases " + leases
                + ", ended "
                + world.homes().stream()
                        .filter(Installation::isUp)
                        .map(home -> StoreOfWorld.ended(home.controller().store()))
                        .toList();
    }
}
