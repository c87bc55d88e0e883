package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.StoreOfWorld;
import java.time.Duration;

/**
 * Another process on a home, started by mistake, or by what replaces one container by the next. It has to be refused for as
 * long as the first runs, unless no lock keeps the two apart: then both have to say so, and nothing may be lost.
 */
final class SecondProcess {
    private static final Duration LONGEST = Duration.ofMinutes(30);
    /** Between a nonce and the end of the mint that it is for. */
    private static final Duration LONGEST_MINT = Duration.ofMinutes(15);
    /** Between the begin of a look and the moment at which it reads the name. */
    private static final long LONGEST_LOOK = 1_000_000_000L;
    /** For so long at least, a process remembers that it saw another. */
    private static final Duration REMEMBERED = Duration.ofMinutes(9);

    private final Installation home;
    private final World world;
    private final Timeline timeline;
    /** Null while there is none. */
    private Controller process;

    private long sharedAt;
    private long sharedFrom = Long.MAX_VALUE;
    private long sharedUntil = Long.MIN_VALUE;

    SecondProcess(Installation home) {
        this.home = home;
        this.world = home.world();
        this.timeline = world.timeline();
    }

    void start() {
        if (process != null) {
            return;
        }
        world.say("second", () -> "is started");
        Controller begun = new Controller(home);
        process = begun;
        begun.knock();
        timeline.after(world.dice().skewed(0, LONGEST.toNanos()), Timeline.NATURE, () -> {
            if (process == begun) {
                end();
            }
        });
    }

    private void end() {
        world.say("second", () -> "ends");
        process.life().end();
        forget();
    }

    private void forget() {
        sharedUntil = wasShared() ? timeline.now() : sharedUntil;
        process = null;
    }

    /** The first process ended. If it was not the power, this one goes on alone a moment later. */
    void followUp(boolean power) {
        if (process == null) {
            return;
        } else if (power) {
            end();
            return;
        }
        timeline.after(1_000_000_000L, Timeline.NATURE, () -> {
            if (process != null && home.controller() == null) {
                world.say("second", () -> "is the only one now");
                home.goOnWith(process);
                forget();
            }
        });
    }

    /** A process got the leases: while the other has them, that may be only where no lock keeps the two apart. */
    void checkThatItMayHaveThem(Controller by) {
        Controller other = by == process ? home.controller() : process;
        if (process == null || other == null || other == by || !other.hasTheLeases()) {
            return;
        } else if (!world.weather().locksHold() || home.tampering().isUnseen() || isNotYetLockedAgain(other)) {
            share();
        } else if (!other.isStopping()) {
            world.violation("A second process got the leases of a home whose first one runs");
        }
    }

    /** One that lost its lock while the file was deleted has it again when it looks after the other has ended. */
    private boolean isNotYetLockedAgain(Controller other) {
        return wasShared() && sharedUntil < Long.MAX_VALUE && other.upkeep().lookedAt() <= sharedUntil;
    }

    private void share() {
        world.say("second", () -> "gets the leases too");
        sharedAt = timeline.now();
        sharedFrom = Math.min(sharedFrom, sharedAt - LONGEST_MINT.toNanos());
        sharedUntil = Long.MAX_VALUE;
        home.areShared();
        if (!process.isStarted()) {
            process.start();
        }
    }

    /** Whether two processes have, or had, the leases at a time. */
    boolean wasShared() {
        return sharedFrom < Long.MAX_VALUE;
    }

    /** Whether what a mint began at that time may be taken for a dead process' by another. */
    boolean mayUndo(long begun) {
        return begun >= sharedFrom && begun <= sharedUntil;
    }

    boolean knows(String nonce, boolean endedToo) {
        return process != null && process.store() != null && StoreOfWorld.knows(process.store(), nonce, endedToo);
    }

    /**
     * When each has looked twice, by turns, both know: one whose name could not be written before takes its first look to write
     * it, over the name of the other, which says nothing to it; its second shows it what the other wrote after that.
     */
    void checkThatTheyKnowOfOneAnother() {
        Controller first = home.controller();
        if (process == null || !process.isStarted() || first == null || first.store() == null) {
            return;
        }
        boolean looked = haveLooked(first.upkeep(), process.upkeep()) || haveLooked(process.upkeep(), first.upkeep());
        boolean remembered = timeline.now() - sharedAt <= REMEMBERED.toNanos();
        boolean both = first.store().otherProcess().isPresent()
                && process.store().otherProcess().isPresent();
        if (looked && remembered && !both) {
            world.violation("Two processes have the same leases, and one of them does not say so");
        }
    }

    private boolean haveLooked(Upkeep one, Upkeep other) {
        return one.lookedBefore() > sharedAt
                && other.lookedBefore() - one.lookedBefore() > LONGEST_LOOK
                && one.lookedAt() - other.lookedBefore() > LONGEST_LOOK
                && other.lookedAt() - one.lookedAt() > LONGEST_LOOK;
    }
}
