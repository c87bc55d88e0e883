package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.Run;
import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.InUseException;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.LeaseWatcher;
import io.jenkins.plugins.qwiet.lease.Leasing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;

/** The leases of this Jenkins: their place on disk, the threads that write them, and the janitor that looks after them. */
@Extension
public class JenkinsLeases {
    private static final Logger LOGGER = Logger.getLogger(JenkinsLeases.class.getName());
    private static final int THREADS = 4;
    private static final int JANITOR_CALLS = 16;
    private static final long LONGEST_CLOSE_SECONDS = 10;

    private final Executor threads = newThreads();
    private final LookUps lookUps = new LookUps();
    private final SettableClock clock = new SettableClock();
    /** What got another name or place while the leases could not be opened, in order. */
    private final List<Move> moves = new ArrayList<>();

    private volatile Leasing leasing;
    private volatile String problem;
    private volatile LeaseWatcher watcher = LeaseWatcher.NONE;
    private Janitor janitor;

    /** The ones of this Jenkins. */
    @NonNull
    public static JenkinsLeases get() {
        return ExtensionList.lookupSingleton(JenkinsLeases.class);
    }

    /**
     * Reads them from disk the first time.
     *
     * @throws AbortException if the disk does not let them be read or written, with a sentence that says where
     */
    @NonNull
    public synchronized Leasing leasing() throws AbortException {
        if (leasing == null) {
            try {
                leasing = open();
            } catch (AbortException e) {
                problem = e.getMessage();
                throw e;
            }
            moves.forEach(move -> move.make(leasing.store()));
            moves.clear();
        }
        return leasing;
    }

    private Leasing open() throws AbortException {
        Path directory = directory();
        try {
            return new Leasing(
                    LeaseStore.open(directory, clock, ThisHome.now(), threads),
                    clock,
                    clock::nanoTime,
                    OwnNonces::next,
                    this::tell);
        } catch (InUseException e) {
            throw new AbortException(Messages.JenkinsLeases_inUse(directory, e.getMessage()));
        } catch (IOException e) {
            throw new AbortException(Messages.JenkinsLeases_unusable(directory, e));
        }
    }

    /**
     * Lets leases follow a job or a folder that has got another name or place: at once, or when they are opened, if they
     * cannot be now.
     *
     * @return completes as {@link LeaseStore#move}, then
     */
    @NonNull
    synchronized CompletableFuture<Void> move(@NonNull String from, @NonNull String to) {
        var move = new Move(from, to, new CompletableFuture<>());
        try {
            move.make(leasing().store());
        } catch (AbortException e) {
            LOGGER.log(Level.WARNING, "{0} is {1} now. Its leases follow when they can be opened: {2}", new Object[] {
                from, to, e.getMessage()
            });
            moves.add(move);
        }
        return move.done;
    }

    private record Move(String from, String to, CompletableFuture<Void> done) {
        void make(LeaseStore store) {
            store.move(from, to).whenComplete((moved, problem) -> {
                if (problem == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(problem);
                }
            });
        }
    }

    /** Whether there may be some on disk. */
    boolean mayBeStored() {
        return Files.isDirectory(directory());
    }

    /** Whether {@link #leasing()} has read them; waits for nothing. */
    public boolean isOpen() {
        return leasing != null;
    }

    /** Why {@link #leasing()} failed the last time; null if it did not, or was not called yet. Waits for nothing. */
    @CheckForNull
    public String problem() {
        return leasing == null ? problem : null;
    }

    /** From now on tells that one alone what comes of mints, renewals and revocations. */
    public void watch(@NonNull LeaseWatcher watcher) {
        this.watcher = watcher;
    }

    /** As {@link LeaseWatcher#over}, to whoever watches now. */
    void tell(@NonNull LeaseWatcher.Work work, @CheckForNull Cause failure) {
        watcher.over(work, failure);
    }

    /** Lets another process have them, or the next Jenkins in this one. What comes later is refused. */
    @Terminator
    @Restricted(DoNotUse.class)
    public synchronized void close() throws IOException, InterruptedException {
        if (leasing != null) {
            Await.atMost(LONGEST_CLOSE_SECONDS, leasing.store().close());
        }
    }

    /** Looks after them; see {@link #leasing()} for the error. */
    @NonNull
    public synchronized Janitor janitor() throws AbortException {
        if (janitor == null) {
            janitor = new Janitor(
                    leasing(), new Accounts(), new JanitorBuilds(this), clock, JANITOR_CALLS, newJanitorThreads());
        }
        return janitor;
    }

    /** For work that touches the disk, or Jenkins: never the CPS thread, never a thread of the HTTP client. */
    @NonNull
    public Executor threads() {
        return threads;
    }

    /** For looking up credentials of a job, which may take long: apart from {@link #threads()}, and fair to other jobs. */
    @NonNull
    Executor lookUps(@NonNull String jobFullName) {
        return lookUps.of(jobFullName);
    }

    /**
     * For saving a build, which whoever listens to that, or the disk of its folder, may hold up: it holds up nothing but its own
     * job.
     */
    @NonNull
    Executor savesOf(@NonNull Run<?, ?> run) {
        return lookUps(run.getParent().getFullName());
    }

    /** By which times in records of builds were taken. */
    @NonNull
    public Clock clock() {
        return clock;
    }

    /** Nanoseconds since any moment; goes on evenly, whatever is done to the clock. */
    long nanoTime() {
        return clock.nanoTime();
    }

    /** For tests: from now on this is the time; null for the system's. */
    void setTime(@CheckForNull Clock other) {
        clock.other = other;
    }

    private static final class SettableClock extends Clock {
        private final Clock system = Clock.systemUTC();
        private volatile Clock other;

        private Clock now() {
            Clock set = other;
            return set == null ? system : set;
        }

        long nanoTime() {
            Clock set = other;
            return set == null ? System.nanoTime() : TimeUnit.MILLISECONDS.toNanos(set.millis());
        }

        @Override
        public Instant instant() {
            return now().instant();
        }

        @Override
        public ZoneId getZone() {
            return system.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return system.withZone(zone);
        }
    }

    /** Where this plugin keeps what belongs to no build; it need not exist. */
    @NonNull
    public static Path folder() {
        return Jenkins.get().getRootDir().toPath().resolve("qwiet-ci-token");
    }

    private static Path directory() {
        return folder().resolve("leases");
    }

    /** As many as the janitor wants, which knows its bound: a look-up of a credential or a build may hang. */
    private static Executor newJanitorThreads() {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new ClassLoaderSanityThreadFactory(
                        new NamingThreadFactory(new DaemonThreadFactory(), "Qwiet CI token janitor")));
    }

    private static Executor newThreads() {
        var pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new ClassLoaderSanityThreadFactory(
                        new NamingThreadFactory(new DaemonThreadFactory(), "Qwiet CI tokens")));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** The service accounts of leases, as this Jenkins finds them. */
    private static final class Accounts implements Janitor.Clients {
        @Override
        public Optional<QwietClient> clientFor(Lease lease) {
            return QwietConnections.get().of(lease);
        }

        @Override
        public Optional<QwietClient> keptFor(Lease lease) {
            return QwietConnections.get().kept(lease);
        }

        @Override
        public String whyNone(Lease lease) {
            return QwietConnections.get().whyNone(lease);
        }
    }
}
