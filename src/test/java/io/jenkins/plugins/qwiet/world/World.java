package io.jenkins.plugins.qwiet.world;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * One seed's world: a Jenkins, perhaps a copy of it, a Qwiet, what lies between them and what happens to them, in one thread
 * and in a time of its own. What comes when is in {@link Course}.
 */
final class World {
    static final String ADDRESS = "https://app.qwiet.example/api/v4";

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
    private final Others others;
    private final VirtualQwiet qwiet;
    private final Installation main;
    private final People people;
    private final List<Installation> homes = new ArrayList<>();
    private String violation;

    /** @param kept whether what happens is kept in words */
    World(long seed, boolean kept) {
        this.seed = seed;
        this.history = new History(timeline, kept);
        this.dice = new Dice(seed);
        this.weather = new Weather(dice);
        this.wallClock = new WallClock(timeline, skew());
        this.qwietClock = new WallClock(timeline, skew());
        this.ledger = new Ledger(this);
        this.others = new Others(this);
        this.qwiet = new VirtualQwiet(timeline, qwietClock, dice, ledger);
        this.main = new Installation(this);
        homes.add(main);
        this.people = new People(this);
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

    /** Runs it, with what is planned already. */
    Outcome run() {
        say(
                "world",
                () -> seed + ": " + weather.describe() + "; Qwiet: " + qwiet.describe() + "; clocks ahead by "
                        + wallClock.ahead() + " and " + qwietClock.ahead());
        try {
            new Course(this).run();
        } catch (Throwable e) {
            // Whatever it is: or nobody would know in which world it happened.
            broke(e);
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

    /** Somebody copies the home, if there is no copy yet, and starts a Jenkins on the copy, beside the original. */
    void copy() {
        if (homes.size() == 1 && main.isUp()) {
            var copy = new Installation(main);
            say("copy", () -> "at " + copy.signs());
            homes.add(copy);
            copy.startWithin(Duration.ofMinutes(10));
        }
    }

    /**
     * The code that is simulated broke, unless that is how a call ends that was cancelled, or a process that was killed.
     *
     * @param thrown null for nothing
     */
    void broke(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause != null && !(cause instanceof CancellationException) && !(cause instanceof Timeline.Killed)) {
            var trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace));
            say("thrown", trace::toString);
            violation("The simulated code broke: " + cause);
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

    boolean isBroken() {
        return violation != null;
    }

    /** The one that is there from the beginning. */
    Installation main() {
        return main;
    }

    /** All that there are by now. */
    List<Installation> homes() {
        return homes;
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

    Others others() {
        return others;
    }

    VirtualQwiet qwiet() {
        return qwiet;
    }

    People people() {
        return people;
    }
}
