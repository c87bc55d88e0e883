package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.Home;
import io.jenkins.plugins.qwiet.lease.StoreOfWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One home of Jenkins: its disk, its builds, and the process that runs on it, if one does. */
final class Installation {
    private static final int MOST_KILLS = 6;
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private final World world;
    private final boolean copy;
    private final VirtualDisk disk;
    private final Tampering tampering;
    private final SecondProcess second;
    private final List<Build> builds = new ArrayList<>();
    private final List<Build.Job> jobs = new ArrayList<>();
    private final Whereabouts whereabouts;
    private Controller controller;
    private Written writtenAtTheEnd;
    private int kills;

    /** The one that every world has. */
    Installation(World world) {
        this.world = world;
        this.copy = false;
        this.whereabouts = Whereabouts.ofOriginal(world);
        this.disk = new VirtualDisk(this);
        this.tampering = new Tampering(this);
        this.second = new SecondProcess(this);
        for (int i = world.dice().between(1, 2); i > 0; i--) {
            jobs.add(new Build.Job("shop-" + i));
        }
    }

    /**
     * A copy of another's home as that is now, to rehearse an upgrade: with the same credentials, and with the builds that run
     * there; they go on here as well.
     */
    Installation(Installation original) {
        this.world = original.world;
        this.copy = true;
        this.whereabouts = original.whereabouts.ofCopy(original.disk.names());
        this.disk = new VirtualDisk(this, original.disk);
        this.tampering = new Tampering(this);
        this.second = new SecondProcess(this);
        Map<Build.Job, Build.Job> copies = new LinkedHashMap<>();
        original.jobs.forEach(job -> copies.put(job, new Build.Job(job)));
        jobs.addAll(copies.values());
        original.builds.stream()
                .filter(build -> build.isRunning() && build.resumes())
                .forEach(build -> builds.add(new Build(build, copies.get(build.job()))));
    }

    void start() {
        if (world.weather().mountsRenumber()) {
            disk.mount();
            whereabouts.mayRest();
        }
        if (!copy && world.weather().damages()) {
            writtenAtTheEnd = null;
            tampering.damage();
        }
        tampering.backUp();
        controller = new Controller(this);
        controller.start();
    }

    void startWithin(Duration longest) {
        world.timeline().after(world.dice().skewed(1_000_000_000L, longest.toNanos()), Timeline.NATURE, () -> {
            if (controller == null) {
                start();
            }
        });
    }

    /** Perhaps the process that is running ends here, in the middle of what it does. */
    void mayKill(Timeline.Life life, String where) {
        if (life.isOver()) {
            throw new Timeline.Killed();
        }
        if (controller != null
                && controller.life() == life
                && kills < MOST_KILLS
                && world.weather().kills()) {
            kills++;
            boolean power = world.weather().losesPower();
            world.say("killed", () -> where + (power ? ", power cut" : ""));
            kill(power);
            startWithin(Duration.ofHours(2));
            throw new Timeline.Killed();
        }
    }

    /** Jenkins is stopped as it should be, and started again. What hangs is killed in the end. */
    void stop() {
        Controller stopping = controller;
        if (stopping == null || stopping.isStopping()) {
            return;
        }
        world.say("stop", () -> "");
        Runnable end = () -> {
            if (controller == stopping) {
                world.say("stopped", () -> "");
                writtenAtTheEnd = stopping.writtenAtTheEnd();
                kill(false);
                startWithin(Duration.ofHours(1));
            }
        };
        world.timeline().after(LONGEST_STOP, Timeline.NATURE, end);
        stopping.stop(() -> world.timeline().after(0, Timeline.NATURE, end));
    }

    /** Jenkins is stopped, and its volume mounted at another path when it starts again. */
    void move() {
        whereabouts.move();
        stop();
    }

    /** Jenkins is stopped, and starts on a machine with another name, or with a new instance identity. */
    void becomeAnother(boolean machine) {
        whereabouts.becomeAnother(machine);
        stop();
    }

    /** Ends the process where it is. */
    void kill(boolean power) {
        if (controller == null) {
            return;
        }
        controller.life().end();
        controller = null;
        tampering.processEnded(writtenAtTheEnd != null);
        if (power) {
            writtenAtTheEnd = null;
            disk.losePower();
        }
        for (Build build : builds) {
            if (build.isRunning() && !build.resumes()) {
                build.end();
                build.held().values().forEach(held -> world.ledger().noLongerUsed(held.tokenId(), build));
                build.held().clear();
            }
        }
        second.followUp(power);
    }

    /** A process that waited for the home has it alone now; with the builds that the other began, if it had it before. */
    void goOnWith(Controller next) {
        controller = next;
        if (next.isStarted()) {
            next.grants().resume();
        } else {
            next.start();
        }
    }

    /** Another process is started on this home by mistake. It has to be refused, for as long as this one runs. */
    void startSecond() {
        if (controller != null && !controller.isStopping()) {
            second.start();
        }
    }

    /** Two processes have the leases, since no lock keeps them apart. */
    void areShared() {
        writtenAtTheEnd = null;
    }

    /** Whether two processes have, or had, the leases at a time. */
    boolean isShared() {
        return second.wasShared();
    }

    /** Whether what a mint began at that time may be taken for a dead process' by another. */
    boolean mayBeUndone(long begun) {
        return second.mayUndo(begun);
    }

    /** Whether a process has the leases, and no other had. */
    boolean isAlone(Timeline.Life life) {
        return isUp() && controller.life() == life && !isShared();
    }

    /** A process has looked at the files since that time, on a disk that was well. */
    void lookedAt(long begun) {
        tampering.lookedAt(begun);
        second.checkThatTheyKnowOfOneAnother();
    }

    /** A process has read all files that are there, and written what it knows, on a disk that was well. */
    void isInOrder(Controller by) {
        if (by.store().resting().isEmpty() && disk.names().areSynced()) {
            // No file of before can come back.
            whereabouts.areWritten(by.signs());
        }
    }

    /** A process has read the leases. */
    void opened(Controller by) {
        if (tampering.isUnseen()) {
            // The marks may be away, and what this one writes in their place may stay until the next start.
            whereabouts.mayRest();
        }
        second.checkThatItMayHaveThem(by);
        whereabouts.opened(!by.store().resting().isEmpty());
    }

    /** Whether a process here knows a lease, and does or would do something about it. */
    boolean looksAfter(String nonce) {
        return isUp() && StoreOfWorld.knows(controller.store(), nonce, false);
    }

    /** Whether a lease is certainly not known here. */
    boolean lacks(String nonce, boolean endedToo) {
        return isUp()
                && !StoreOfWorld.knows(controller.store(), nonce, endedToo)
                && !(isShared() && isSomewhere(nonce, endedToo));
    }

    private boolean isSomewhere(String nonce, boolean endedToo) {
        return second.knows(nonce, endedToo)
                || journals().stream()
                        .anyMatch(journal -> StoreOfWorld.noncesIn(journal).contains(nonce));
    }

    /** What is in the journals, as programs see it. */
    List<byte[]> journals() {
        return disk.names().all().stream()
                .filter(Tampering::isJournal)
                .map(name -> disk.names().of(name).seen())
                .toList();
    }

    /** What the last process knew when it was stopped on a disk that was well; null if it was not so, or nobody asks again. */
    Written takeWrittenAtTheEnd() {
        Written written = writtenAtTheEnd;
        writtenAtTheEnd = null;
        return written;
    }

    void withController(Consumer<Controller> work) {
        if (controller != null) {
            work.accept(controller);
        }
    }

    /** Null while none runs. */
    Controller controller() {
        return controller;
    }

    boolean isUp() {
        return controller != null && controller.store() != null;
    }

    World world() {
        return world;
    }

    /** Whether it is one of another home, whose leases are not its own. */
    boolean isCopy() {
        return copy;
    }

    /** What it is known by. */
    Home signs() {
        return whereabouts.now();
    }

    Whereabouts whereabouts() {
        return whereabouts;
    }

    Tampering tampering() {
        return tampering;
    }

    VirtualDisk disk() {
        return disk;
    }

    List<Build> builds() {
        return builds;
    }

    List<Build.Job> jobs() {
        return jobs;
    }
}
