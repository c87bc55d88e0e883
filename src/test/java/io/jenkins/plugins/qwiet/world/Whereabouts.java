package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.Home;
import io.jenkins.plugins.qwiet.lease.StoreOfWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What a home is known by, which people change, and whether that is a reason for its own leases to rest. */
final class Whereabouts {
    private final World world;
    private Home now;
    private int moves;
    private boolean mayRest;

    private Whereabouts(World world, Home now) {
        this.world = world;
        this.now = now;
    }

    /** Those of a home that is no copy. */
    static Whereabouts ofOriginal(World world) {
        return new Whereabouts(world, new Home("/var/jenkins_home", "one machine", "one instance"));
    }

    /**
     * One thing is not the same that tells a copy from its original.
     *
     * @param copied what is copied
     */
    Whereabouts ofCopy(Names copied) {
        List<Home> others = new ArrayList<>(List.of(
                new Home("/var/rehearsal", now.machine(), now.instance()),
                new Home(now.path(), now.machine(), "a new instance")));
        if (marks(copied).noneMatch(StoreOfWorld::saysThatMachineTellsNothing)) {
            others.add(new Home(now.path(), "a machine for rehearsals", now.instance()));
        }
        boolean directoryTellsThemApart = !world.weather().mountsRenumber()
                && marks(copied).limit(1).anyMatch(StoreOfWorld::saysThatDirectoryIsSteady);
        if (directoryTellsThemApart && world.dice().chance(0.5)) {
            others = List.of(now);
        }
        var copy = new Whereabouts(world, world.dice().oneOf(others));
        copy.mayRest = true;
        return copy;
    }

    private static Stream<byte[]> marks(Names names) {
        return Tampering.MARKS.stream().map(names::of).filter(Objects::nonNull).map(Inode::seen);
    }

    /** As the next process finds them; one that runs keeps what it found. */
    Home now() {
        return now;
    }

    /** Its volume is mounted at another path at the next start. */
    void move() {
        world.say("move", () -> "");
        moves++;
        mayRest = true;
        now = new Home("/var/jenkins_home-" + moves, now.machine(), now.instance());
    }

    /** The next start is on a machine with another name, or with a new instance identity. */
    void becomeAnother(boolean machine) {
        world.say("another", () -> machine ? "machine" : "instance");
        moves++;
        mayRest = true;
        now = machine
                ? new Home(now.path(), "machine " + moves, now.instance())
                : new Home(now.path(), now.machine(), "instance " + moves);
    }

    /** From now on there is a reason for its own leases to rest, until none does. */
    void mayRest() {
        mayRest = true;
    }

    /** None rests, and a mark is on the disk that says where they are, of a process that found that; the next one may find more. */
    void areWritten(Home found) {
        if (found.equals(now)) {
            mayRest = false;
        }
    }

    /** A process has read the leases. */
    void opened(boolean someRest) {
        if (someRest && !mayRest) {
            world.violation("The leases of " + now.path() + " rest without a reason");
        }
    }
}
