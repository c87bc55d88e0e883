package io.jenkins.plugins.qwiet.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Supplier;

/** What happened in a world: as a number that is the same when it happens again and, if anybody wants to read it, in words. */
final class History {
    private static final int LONGEST = 20_000;

    private final Timeline timeline;
    private final boolean kept;
    private final Deque<String> lines = new ArrayDeque<>();
    private long fingerprint = 17;
    private long events;

    History(Timeline timeline, boolean kept) {
        this.timeline = timeline;
        this.kept = kept;
    }

    /** @param what a constant, the kind of event */
    void say(String what, Supplier<String> details) {
        events++;
        fingerprint = fingerprint * 31 + what.hashCode();
        fingerprint = fingerprint * 31 + Long.hashCode(timeline.now());
        if (kept) {
            if (lines.size() == LONGEST) {
                lines.removeFirst();
            }
            lines.add(String.format(Locale.ROOT, "%12.3f s  %-12s %s", timeline.now() / 1e9, what, details.get()));
        }
    }

    /** Two worlds with the same one went the same way, as good as certainly. */
    long fingerprint() {
        return fingerprint;
    }

    long events() {
        return events;
    }

    /** The last of it, in words; empty unless it was kept. */
    String text() {
        return String.join("\n", lines);
    }
}
