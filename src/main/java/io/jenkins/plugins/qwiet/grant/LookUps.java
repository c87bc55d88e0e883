package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads that look up credentials. Some providers ask a service elsewhere and take their time: such look-ups must hold
 * up neither the files of leases nor other builds. A job has few threads as long as its look-ups are quick; if they are slow, as
 * many as there are free ones beside them, so that those whose provider hangs leave some to all others. Builds are saved here
 * too, which may be held up as well.
 */
final class LookUps {
    private static final Logger LOGGER = Logger.getLogger(LookUps.class.getName());

    /** Of all jobs, at once. */
    static final int MOST = 640;

    /** Of these, for the first ones of each job. */
    static final int KEPT = 128;

    /** Of a job, at once, as long as none waits for long. */
    static final int OF_A_JOB = 2;

    private static final long LONG_MILLIS = 100;

    private record LookUp(Runnable task, long since) {}

    private static final class OfJob {
        final Queue<LookUp> waiting = new ArrayDeque<>();
        int running;
    }

    private final Executor threads;

    /** By full name, those with look-ups. */
    private final Map<String, OfJob> jobs = new HashMap<>();

    private final LongSupplier nanoTime;
    private int running;
    /** Whether it is looked again in a moment. */
    private boolean isToLookAgain;

    LookUps() {
        this(
                System::nanoTime,
                Executors.newCachedThreadPool(new ClassLoaderSanityThreadFactory(
                        new NamingThreadFactory(new DaemonThreadFactory(), "Qwiet credentials"))));
    }

    /**
     * @param nanoTime {@link System#nanoTime} but in tests
     * @param threads as many as are asked for
     */
    LookUps(LongSupplier nanoTime, Executor threads) {
        this.nanoTime = nanoTime;
        this.threads = threads;
    }

    /** For the look-ups of one job. */
    @NonNull
    Executor of(@NonNull String jobFullName) {
        return task -> submit(jobFullName, task);
    }

    private synchronized void submit(String job, Runnable task) {
        var lookUp = new LookUp(task, nanoTime.getAsLong());
        Queue<LookUp> waiting = jobs.computeIfAbsent(job, name -> new OfJob()).waiting;
        waiting.add(lookUp);
        startWhatMay();
        if (waiting.contains(lookUp)) {
            lookAgainLater();
        }
    }

    private synchronized void startWhatMay() {
        try {
            jobs.forEach((name, job) -> {
                while (mayStartOne(job)) {
                    LookUp lookUp = job.waiting.element();
                    threads.execute(() -> run(name, lookUp.task));
                    job.waiting.remove();
                    job.running++;
                    running++;
                }
            });
        } catch (OutOfMemoryError e) {
            LOGGER.log(Level.FINE, e, () -> "No thread can be had now; look-ups of credentials wait");
            lookAgainLater();
        }
    }

    /** On a thread that is there. What waits by then has waited for long. */
    private void lookAgainLater() {
        if (!isToLookAgain) {
            isToLookAgain = true;
            CompletableFuture.delayedExecutor(LONG_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(this::lookAgain);
        }
    }

    private synchronized void lookAgain() {
        isToLookAgain = false;
        startWhatMay();
        if (jobs.values().stream().anyMatch(job -> !job.waiting.isEmpty())) {
            lookAgainLater();
        }
    }

    private boolean mayStartOne(OfJob job) {
        LookUp next = job.waiting.peek();
        int free = MOST - running;
        return next != null && free > 0 && (job.running < OF_A_JOB || waitsForLong(next) && job.running < free - KEPT);
    }

    private boolean waitsForLong(LookUp lookUp) {
        return nanoTime.getAsLong() - lookUp.since >= TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS);
    }

    private void run(String job, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "A look-up of credentials failed for " + job);
        } finally {
            over(job);
        }
    }

    private synchronized void over(String name) {
        OfJob job = jobs.get(name);
        job.running--;
        running--;
        if (job.running == 0 && job.waiting.isEmpty()) {
            jobs.remove(name);
        }
        startWhatMay();
    }
}
