package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.Lease;
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
    private static final Duration LONGEST_SECOND = Duration.ofMinutes(30);

    private final World world;
    private final boolean copy;
    private final String machine;
    private final VirtualDisk disk;
    private final List<Build> builds = new ArrayList<>();
    private final List<Build.Job> jobs = new ArrayList<>();
    private String path;
    private Controller controller;
    private Controller second;
    private List<Lease> writtenAtTheEnd;
    private int kills;
    private int moves;

    /** The one that every world has. */
    Installation(World world) {
        this.world = world;
        this.copy = false;
        this.path = "/var/jenkins_home";
        this.machine = "one machine";
        this.disk = new VirtualDisk(this);
        for (int i = world.dice().between(1, 2); i > 0; i--) {
            jobs.add(new Build.Job("shop-" + i));
        }
    }

    /**
     * A copy of another's home as that is now, to rehearse an upgrade: somewhere else, with the same credentials, and with the
     * builds that run there; they go on here as well.
     */
    Installation(Installation original) {
        this.world = original.world;
        this.copy = true;
        boolean elsewhere = world.dice().chance(0.5);
        this.path = elsewhere ? "/var/rehearsal" : original.path;
        this.machine = elsewhere ? original.machine : "another machine";
        this.disk = new VirtualDisk(this, original.disk);
        Map<Build.Job, Build.Job> copies = new LinkedHashMap<>();
        original.jobs.forEach(job -> copies.put(job, new Build.Job(job)));
        jobs.addAll(copies.values());
        original.builds.stream()
                .filter(build -> build.isRunning() && build.resumes())
                .forEach(build -> builds.add(new Build(build, copies.get(build.job()))));
    }

    void start() {
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
        world.say("move", () -> "");
        moves++;
        path = "/var/jenkins_home-" + moves;
        stop();
    }

    /** Ends the process where it is. */
    void kill(boolean power) {
        if (controller == null) {
            return;
        }
        controller.life().end();
        controller = null;
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
        followUp(power);
    }

    /** Where another process waits for the home, it gets it now; as when a container is replaced by the next. */
    private void followUp(boolean power) {
        if (second == null) {
            return;
        } else if (power) {
            endSecond();
            return;
        }
        world.timeline().after(1_000_000_000L, Timeline.NATURE, () -> {
            if (second != null && controller == null) {
                world.say("second", () -> "is the only one now");
                controller = second;
                second = null;
                controller.start();
            }
        });
    }

    /** Another process is started on this home by mistake. It has to be refused, for as long as this one runs. */
    void startSecond() {
        if (controller == null || controller.isStopping() || second != null) {
            return;
        }
        world.say("second", () -> "is started");
        Controller begun = new Controller(this);
        second = begun;
        begun.knock();
        world.timeline().after(world.dice().skewed(0, LONGEST_SECOND.toNanos()), Timeline.NATURE, () -> {
            if (second == begun) {
                endSecond();
            }
        });
    }

    private void endSecond() {
        world.say("second", () -> "ends");
        second.life().end();
        second = null;
    }

    /** Whether one process has the leases, so that no other may. */
    boolean isHeld() {
        return controller != null && controller.store() != null && !controller.isStopping();
    }

    /** What the last process knew when it was stopped on a disk that was well; null if it was not so, or nobody asks again. */
    List<Lease> takeWrittenAtTheEnd() {
        List<Lease> leases = writtenAtTheEnd;
        writtenAtTheEnd = null;
        return leases;
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

    String path() {
        return path;
    }

    String machine() {
        return machine;
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
