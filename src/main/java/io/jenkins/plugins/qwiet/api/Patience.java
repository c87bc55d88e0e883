package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long those have to wait who call one organization with one bearer, by the {@code Retry-After} of any answer that they
 * got. One call that is asked to wait speaks for all, but for one that is asked again after others were served meanwhile: it
 * waits alone. Safe on any thread.
 */
public final class Patience {
    /** The most that an answer counts for. */
    public static final Duration LONGEST = Duration.ofHours(1);

    private static final int MOST_CALLS = 1_000;
    private static final Texts TEXTS = Texts.of(Patience.class);

    private final LongSupplier nanos;
    /** When calls were asked to wait that were not served since; the newest of them. */
    private final Map<String, Long> asked = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_CALLS;
        }
    };

    private long servedAt;
    private boolean served;
    private long until;
    private boolean waits;

    /** @param nanos a monotonic source */
    public Patience(@NonNull LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @param call what was asked, the same each time */
    public synchronized void answered(@NonNull String call, @NonNull Outcome<?> outcome) {
        long now = nanos.getAsLong();
        if (outcome instanceof Outcome.Done<?>) {
            asked.remove(call);
            served = true;
            servedAt = now;
            return;
        }
        Duration wait = outcome.retryAfter();
        if (wait == null || wait.isZero()) {
            return;
        }
        Long before = asked.remove(call);
        asked.put(call, now);
        boolean alone = before != null && served && servedAt - before > 0;
        long end = now + (wait.compareTo(LONGEST) > 0 ? LONGEST : wait).toNanos();
        if (!alone && (!waits || end - until > 0)) {
            until = end;
            waits = true;
        }
    }

    /** Why a call is not made yet, in words for a person, without a full stop. */
    @NonNull
    public static String askedToWait() {
        return TEXTS.get("Patience.askedToWait");
    }

    /** Nobody has to wait any longer. */
    public synchronized void end() {
        asked.clear();
        waits = false;
    }

    /** Zero if nobody has to wait. */
    @NonNull
    public synchronized Duration left() {
        long left = waits ? until - nanos.getAsLong() : 0;
        waits = left > 0;
        return waits ? Duration.ofNanos(left) : Duration.ZERO;
    }
}
