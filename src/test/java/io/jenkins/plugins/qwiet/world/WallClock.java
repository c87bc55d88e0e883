package io.jenkins.plugins.qwiet.world;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock on somebody's wall, which may be wrong and may be set. */
final class WallClock extends Clock {
    static final Instant BEGINNING = Instant.parse("2026-08-03T10:00:00Z");

    private final Timeline timeline;
    private Duration ahead;

    WallClock(Timeline timeline, Duration ahead) {
        this.timeline = timeline;
        this.ahead = ahead;
    }

    void set(Duration nowAhead) {
        ahead = nowAhead;
    }

    Duration ahead() {
        return ahead;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(timeline.now()).plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("always UTC");
    }
}
