package io.jenkins.plugins.qwiet.world;

import java.time.Duration;
import java.util.PriorityQueue;

/**
 * The one thread of a world and its true time, which jumps from one event to the next. Events of the same moment come in
 * the order in which they were planned.
 */
final class Timeline {
    /** Something that will happen, unless it is called off or its process ends before. */
    static final class Event implements Comparable<Event> {
        private final long at;
        private final long order;
        private final Life life;
        private final Runnable task;
        private boolean calledOff;

        private Event(long at, long order, Life life, Runnable task) {
            this.at = at;
            this.order = order;
            this.life = life;
            this.task = task;
        }

        void callOff() {
            calledOff = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** What can end: a process. */
    static final class Life {
        private boolean over;

        boolean isOver() {
            return over;
        }

        void end() {
            over = true;
        }
    }

    /** What code meets that runs on although its process was killed: nothing that it does has an effect any more. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("the process was killed", null, false, false);
        }
    }

    /** Of what no process does: Qwiet, the network, people. */
    static final Life NATURE = new Life();

    /** Whose life is over. */
    static final Life NOBODY = new Life();

    static {
        NOBODY.end();
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long planned;

    /** Nanoseconds since the world began. */
    long now() {
        return now;
    }

    Event after(Duration delay, Life life, Runnable task) {
        return after(delay.toNanos(), life, task);
    }

    Event after(long nanos, Life life, Runnable task) {
        var event = new Event(now + Math.max(0, nanos), planned++, life, task);
        events.add(event);
        return event;
    }

    /** Lets the next event happen. False if nothing is planned before that time, which it then is. */
    boolean step(long until) {
        Event next = events.peek();
        if (next == null || next.at > until) {
            now = Math.max(now, until);
            return false;
        }
        events.poll();
        now = Math.max(now, next.at);
        if (!next.calledOff && !next.life.isOver()) {
            try {
                next.task.run();
            } catch (Killed e) {
                // Nobody is there any more who could care.
            }
        }
        return true;
    }
}
