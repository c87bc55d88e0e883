package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads that look up credentials. Some providers ask a service elsewhere and take their time: such look-ups must hold
 * up neither the files of leases nor other jobs. So each job has a few of many threads at most, and its other look-ups wait
 * for those.
 */
final class LookUps {
    private static final Logger LOGGER = Logger.getLogger(LookUps.class.getName());
    private static final int THREADS = 64;
    private static final int MOST_OF_A_JOB = 2;

    private static final class Waiting {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        int running;
    }

    private final Executor threads;
    private final Map<String, Waiting> jobs = new HashMap<>();

    LookUps() {
        var pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new ClassLoaderSanityThreadFactory(
                        new NamingThreadFactory(new DaemonThreadFactory(), "Qwiet credentials")));
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    /** For the look-ups of one job. */
    @NonNull
    Executor of(@NonNull String jobFullName) {
        return task -> submit(jobFullName, task);
    }

    private void submit(String job, Runnable task) {
        synchronized (jobs) {
            Waiting waiting = jobs.computeIfAbsent(job, name -> new Waiting());
            if (waiting.running >= MOST_OF_A_JOB) {
                waiting.tasks.add(task);
                return;
            }
            waiting.running++;
        }
        threads.execute(() -> run(job, task));
    }

    private void run(String job, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "A look-up of credentials failed for " + job);
        } finally {
            next(job);
        }
    }

    private void next(String job) {
        Runnable next;
        synchronized (jobs) {
            Waiting waiting = jobs.get(job);
            next = waiting.tasks.poll();
            if (next == null && --waiting.running == 0) {
                jobs.remove(job);
            }
        }
        if (next != null) {
            threads.execute(() -> run(job, next));
        }
    }
}
