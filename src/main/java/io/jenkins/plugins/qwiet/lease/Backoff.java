package io.jenkins.plugins.qwiet.lease;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Knows what failed lately, and when it may be tried again: later each time, up to a limit. Safe on any thread. */
final class Backoff {
    static final Duration FIRST = Duration.ofSeconds(30);
    static final Duration LONGEST = Duration.ofMinutes(10);

    private record Pause(Duration length, Instant end) {}

    private final Clock clock;
    private final Map<Object, Pause> pauses = new ConcurrentHashMap<>();

    Backoff(Clock clock) {
        this.clock = clock;
    }

    boolean mayTry(Object what) {
        Pause pause = pauses.get(what);
        return pause == null || !clock.instant().isBefore(pause.end());
    }

    void failed(Object what) {
        pauses.compute(what, (w, before) -> {
            Duration length = before == null ? FIRST : before.length().multipliedBy(2);
            Duration bounded = length.compareTo(LONGEST) > 0 ? LONGEST : length;
            return new Pause(bounded, clock.instant().plus(bounded));
        });
    }

    /** What may not be tried now, and until when. */
    Map<Object, Instant> pauses() {
        return pauses.entrySet().stream()
                .filter(pause -> !mayTry(pause.getKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, pause -> pause.getValue().end()));
    }

    /** Forgets all failures, so that everything may be tried at once. */
    void forget() {
        pauses.clear();
    }

    void succeeded(Object what) {
        pauses.remove(what);
    }
}
