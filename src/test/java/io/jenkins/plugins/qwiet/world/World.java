package io.jenkins.plugins.qwiet.world;

import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One seed's world: a Jenkins, a Qwiet, what lies between them and what happens to them, in one thread and in a time of its
 * own. First everything may go wrong; then, while some calls fail for good, all that can be revoked has to be; then
 * nothing fails any more and nothing may be left; and nothing may come back after a last power cut.
 */
final class World {
    static final String ADDRESS = "https://app.qwiet.example/api/v4";

    /** When the faults end, whatever can be revoked is gone after so long. */
    static final Duration BOUND = Duration.ofHours(4);

    private static final int MOST_KILLS = 6;
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    /** How it ended. */
    record Outcome(
            long seed, String violationOrNull, long fingerprint, long events, int minted, int used, String text) {}

    private final long seed;
    private final Timeline timeline = new Timeline();
    private final History history;
    private final Dice dice;
    private final Weather weather;
    private final WallClock wallClock;
    private final WallClock qwietClock;
    private final Ledger ledger;
    private final VirtualQwiet qwiet;
    private final VirtualDisk disk;
    private final People people;
    private final List<Build> builds = new ArrayList<>();
    private final List<Build.Job> jobs = new ArrayList<>();
    private Controller controller;
    private String violation;
    private int kills;
    private int moves;

    /** @param kept whether what happens is kept in words */
    World(long seed, boolean kept) {
        this.seed = seed;
        this.history = new History(timeline, kept);
        this.dice = new Dice(seed);
        this.weather = new Weather(dice);
        this.wallClock = new WallClock(timeline, skew());
        this.qwietClock = new WallClock(timeline, skew());
        this.ledger = new Ledger(this);
        this.qwiet = new VirtualQwiet(timeline, qwietClock, dice, ledger);
        this.disk = new VirtualDisk(this);
        this.people = new People(this);
        for (int i = dice.between(1, 2); i > 0; i--) {
            jobs.add(new Build.Job("shop-" + i));
        }
    }

    private Duration skew() {
        return dice.chance(0.6)
                ? Duration.ZERO
                : Duration.ofSeconds(dice.skewed(0, 20_000) * (dice.chance(0.5) ? 1 : -1));
    }

    /** Runs it from its beginning to its end. */
    static Outcome run(long seed, boolean kept) {
        return new World(seed, kept).run();
    }

    private Outcome run() {
        say(
                "world",
                () -> seed + ": " + weather.describe() + "; Qwiet: " + qwiet.describe() + "; clocks ahead by "
                        + wallClock.ahead() + " and " + qwietClock.ahead());
        try {
            live();
        } catch (RuntimeException | AssertionError e) {
            violation("The simulated code broke: " + e);
        }
        return new Outcome(
                seed,
                violation,
                history.fingerprint(),
                history.events(),
                ledger.minted(),
                ledger.used(),
                history.text());
    }

    private void live() {
        long end =
                dice.skewed(Duration.ofMinutes(5).toNanos(), Duration.ofHours(8).toNanos());
        boolean poisonous = dice.chance(0.2);
        if (poisonous) {
            qwiet.poison(dice.chance(0.5) ? 0.3 : 0.05);
            Build.Job job = dice.oneOf(jobs);
            timeline.after(dice.skewed(0, end), Timeline.NATURE, () -> people.hide(job));
        }
        start();
        people.begin();
        for (int i = dice.between(1, 6); i > 0; i--) {
            timeline.after(dice.skewed(0, end * 3 / 4), Timeline.NATURE, () -> beginBuild(end));
        }
        until(end, () -> false);
        calmDown();
        // Builds are over by now, and those that are not hold nothing up.
        long bound = timeline.now() + BOUND.toNanos();
        if (poisonous) {
            until(bound, this::onlyPoisonIsLeft);
            if (violation == null && !onlyPoisonIsLeft()) {
                violation("What can be revoked is held up by what cannot: " + left());
            }
            qwiet.heal();
            people.hide(null);
            bound = timeline.now() + BOUND.toNanos();
        }
        until(bound, this::nothingIsLeft);
        if (violation == null && !nothingIsLeft()) {
            violation("Left after " + BOUND.toHours() + " hours without faults: " + left());
        }
        resurrect();
    }

    /** Leases whose removal was not on the disk yet may come back; they have to end again. */
    private void resurrect() {
        if (violation != null) {
            return;
        }
        kill(true);
        start();
        until(timeline.now() + BOUND.toNanos(), this::nothingIsLeft);
        if (violation == null && !nothingIsLeft()) {
            violation("Left after a last power cut: " + left());
        }
    }

    private void beginBuild(long end) {
        if (controller == null || weather.isCalm()) {
            return;
        }
        long endsAt = timeline.now() + dice.skewed(1_000_000_000L, Math.max(1, end - timeline.now()));
        var build = new Build(dice.oneOf(jobs), dice.chance(0.7), endsAt);
        builds.add(build);
        controller.begin(build);
    }

    private void calmDown() {
        say("calm", () -> "no faults from here on");
        weather.calmDown();
        people.putInOrder();
        disk.mend();
        if (controller == null) {
            start();
        }
    }

    private void until(long end, Supplier<Boolean> enough) {
        while (violation == null && !enough.get() && timeline.step(end)) {
            if (controller != null && controller.store() != null) {
                ledger.check(controller.store());
                controller.checkThatNothingHangs();
            }
        }
    }

    private boolean nothingIsLeft() {
        return controller != null
                && controller.store() != null
                && controller.leases().isEmpty()
                && !qwiet.anyLive();
    }

    private boolean onlyPoisonIsLeft() {
        return controller != null
                && controller.store() != null
                && qwiet.live().allMatch(token -> qwiet.isPoisoned(token) || people.isUnseen(token.nonce()));
    }

    private String left() {
        return "tokens " + qwiet.live().map(VirtualQwiet.Token::id).toList() + ", leases "
                + (controller == null
                        ? "unknown"
                        : controller.leases().stream().map(Lease::toString).toList());
    }

    private void start() {
        controller = new Controller(this);
        controller.start();
    }

    /** Perhaps the process that is running ends here, in the middle of what it does. */
    void mayKill(Timeline.Life life, String where) {
        if (life.isOver()) {
            throw new Timeline.Killed();
        }
        if (kills < MOST_KILLS && weather.kills()) {
            kills++;
            boolean power = weather.losesPower();
            say("killed", () -> where + (power ? ", power cut" : ""));
            kill(power);
            startWithin(Duration.ofHours(2));
            throw new Timeline.Killed();
        }
    }

    private void startWithin(Duration longest) {
        timeline.after(dice.skewed(1_000_000_000L, longest.toNanos()), Timeline.NATURE, () -> {
            if (controller == null) {
                start();
            }
        });
    }

    /** Jenkins is stopped as it should be, and started again. What hangs is killed in the end. */
    void stop() {
        Controller stopping = controller;
        if (stopping == null || stopping.isStopping()) {
            return;
        }
        say("stop", () -> "");
        Runnable end = () -> {
            if (controller == stopping) {
                say("stopped", () -> "");
                kill(false);
                startWithin(Duration.ofHours(1));
            }
        };
        timeline.after(LONGEST_STOP, Timeline.NATURE, end);
        stopping.stop(() -> timeline.after(0, Timeline.NATURE, end));
    }

    /** Jenkins is stopped, and its volume mounted at another path when it starts again. */
    void move() {
        say("move", () -> "");
        moves++;
        stop();
    }

    /** Where it is, as a Jenkins sees it that starts now. */
    String home() {
        return "/var/jenkins_home" + (moves == 0 ? "" : "-" + moves);
    }

    private void kill(boolean power) {
        controller.life().end();
        controller = null;
        if (power) {
            disk.losePower();
        }
        for (Build build : builds) {
            if (build.isRunning() && !build.resumes()) {
                build.end();
                build.held().values().forEach(held -> ledger.noLongerUsed(held.tokenId()));
                build.held().clear();
            }
        }
    }

    void withController(Consumer<Controller> work) {
        if (controller != null) {
            work.accept(controller);
        }
    }

    void say(String what, Supplier<String> details) {
        history.say(what, details);
    }

    /** The first one counts. */
    void violation(String what) {
        if (violation == null) {
            violation = what;
            say("VIOLATION", () -> what);
        }
    }

    /** Whether the Jenkins that runs has known for some time that a token of this account lives, and it is not in a list. */
    boolean knowsOneThatIsNotIn(String list, VirtualQwiet.Call call) {
        boolean knows = controller != null
                && controller.knows(lease -> people.bearer(lease.account().credentialsId())
                                .filter(call.bearer()::equals)
                                .isPresent()
                        && lease.organization().orgId().equals(call.orgId())
                        && lease.expiresAt() != null
                        && lease.expiresAt().isAfter(qwiet.time().plusSeconds(60))
                        && qwiet.live().anyMatch(token -> token.id().equals(lease.tokenId()))
                        && !list.contains("\"" + lease.tokenId() + "\""));
        if (knows) {
            say("kept list", () -> "with the date of now");
        }
        return knows;
    }

    void fillDisk(boolean full) {
        disk.fill(full);
    }

    VirtualDisk.View disk(Timeline.Life life) {
        return disk.view(life);
    }

    Timeline timeline() {
        return timeline;
    }

    Dice dice() {
        return dice;
    }

    Weather weather() {
        return weather;
    }

    WallClock wallClock() {
        return wallClock;
    }

    Ledger ledger() {
        return ledger;
    }

    VirtualQwiet qwiet() {
        return qwiet;
    }

    People people() {
        return people;
    }

    List<Build> builds() {
        return builds;
    }

    List<Build.Job> jobs() {
        return jobs;
    }
}
