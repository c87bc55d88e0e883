package io.jenkins.plugins.qwiet.proof;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jvnet.hudson.test.fixtures.RealJenkinsFixture;

/**
 * Kills a Jenkins, as {@code kill -9} does, at random moments of builds and of its own start, and counts what is left in
 * Qwiet once it could start and finish its builds. The stand-in for Qwiet lives in this process, so it survives.
 *
 * <p>Arguments: kills (50), seed (random; printed). Ends with status 1 if a token is left, if a build found its token
 * revoked, or if a lease is left that is not about to settle.
 */
public final class KillProof implements AutoCloseable {
    private static final Duration LATENCY = Duration.ofMillis(60);
    private static final int LONGEST_RUN_MILLIS = 6_000;
    /** Of so many kills one comes while Jenkins starts. */
    private static final int ONE_IN_ITS_START = 4;

    private static final Duration LONGEST_END = Duration.ofMinutes(5);
    /** No build works so long without an end. */
    private static final Duration LONGEST_BUILD = Duration.ofSeconds(30);

    /**
     * What it comes to.
     *
     * @param kills how often Jenkins was killed
     * @param inItsStart how many of them came before it was up
     * @param builds how many were begun
     * @param hanging how many of them Pipeline did not bring to an end
     * @param minted tokens made by Qwiet
     * @param revoked tokens deleted in Qwiet
     * @param left tokens that are still there
     * @param checked how often a build tried its token
     * @param refused how often a build found its token revoked
     * @param settling leases without a token that wait until none can turn up any more
     * @param leasesLeft other leases
     */
    public record Figures(
            int kills,
            int inItsStart,
            long builds,
            int hanging,
            long minted,
            long revoked,
            int left,
            long checked,
            long refused,
            int settling,
            int leasesLeft) {
        /** Whether the promise was kept. */
        boolean good() {
            return left == 0 && refused == 0 && leasesLeft == 0;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "kills %d (%d of them during a start), builds %d (%d of them hung in Pipeline, and were ended),"
                            + " tokens minted %d, revoked %d, left %d; used %d times, found revoked %d times; leases left %d, and %d that still settle",
                    kills,
                    inItsStart,
                    builds,
                    hanging,
                    minted,
                    revoked,
                    left,
                    checked,
                    refused,
                    leasesLeft,
                    settling);
        }
    }

    private final FakeQwiet qwiet = FakeQwiet.start();
    private final RealJenkinsFixture jenkins = new RealJenkinsFixture()
            .withTimeout(0)
            // It is killed anyway; and the sooner it is up again, the more kills an hour has.
            .javaOptions(JenkinsProcess.startsSoon());
    private final Random random;
    private long checked;
    private long refused;
    private int inItsStart;

    /** @param seed of the moments */
    public KillProof(long seed) throws Exception {
        random = new Random(seed);
        qwiet.latency(LATENCY);
        jenkins.setUp(KillProof.class.getName(), "killed");
    }

    /** Takes about a quarter of a minute a kill. */
    public Figures run(int kills) throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(
                ProofJobs::create,
                qwiet.address(),
                qwiet.organization().id(),
                qwiet.organization().serviceAccount());
        for (int kill = 1; kill <= kills; kill++) {
            jenkins.runRemotely(ProofJobs::keepBuilding);
            if (kill == 1) {
                untilOneHasAToken();
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_RUN_MILLIS));
            kill();
            if (kill < kills && random.nextInt(ONE_IN_ITS_START) == 0) {
                kill++;
                killDuringStart();
            }
            System.out.printf(
                    Locale.ROOT,
                    "kill %d: %d tokens minted, %d revoked, %d there%n",
                    kill,
                    qwiet.organization().minted(),
                    qwiet.organization().deleted(),
                    qwiet.organization().liveTokens().size());
            jenkins.startJenkins();
        }
        return end(kills);
    }

    /** A machine that is busy may not come to it before it is killed. */
    private void untilOneHasAToken() throws InterruptedException {
        Instant deadline = Instant.now().plus(LONGEST_END);
        while (qwiet.organization().minted() == 0 && Instant.now().isBefore(deadline)) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void kill() throws InterruptedException {
        Process process = jenkins.getProcess();
        jenkins.stopJenkinsForcibly();
        process.waitFor();
        countUses();
    }

    private void killDuringStart() throws Exception {
        var start = CompletableFuture.runAsync(() -> {
            try {
                jenkins.startJenkins();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Instant deadline = Instant.now().plusMillis(random.nextInt(LONGEST_RUN_MILLIS));
        Process process = null;
        while (!start.isDone() && (process == null || Instant.now().isBefore(deadline))) {
            process = jenkins.getProcess();
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (!start.isDone()) {
            inItsStart++;
        }
        process.destroyForcibly().waitFor();
        try {
            start.get();
            // It was up just before. Else it forgets about the process by itself.
            jenkins.stopJenkinsForcibly();
        } catch (ExecutionException e) {
            // As was to be expected.
        }
    }

    private Figures end(int kills) throws Throwable {
        Instant deadline = Instant.now().plus(LONGEST_END);
        int running = Integer.MAX_VALUE;
        Instant lastEnd = Instant.now();
        while (running > 0 && Instant.now().isBefore(lastEnd.plus(LONGEST_BUILD))) {
            int before = running;
            running = jenkins.runRemotely(ProofJobs::inProgress);
            if (running < before) {
                lastEnd = Instant.now();
            }
            TimeUnit.SECONDS.sleep(1);
        }
        int hanging = jenkins.runRemotely(ProofJobs::endHanging);
        do {
            jenkins.runRemotely(ProofJobs::sweep);
        } while (!qwiet.organization().liveTokens().isEmpty() && Instant.now().isBefore(deadline));
        int settling = jenkins.runRemotely(ProofJobs::settling);
        int leases = jenkins.runRemotely(ProofJobs::leases);
        long builds = jenkins.runRemotely(ProofJobs::builds);
        countUses();
        return new Figures(
                kills,
                inItsStart,
                builds,
                hanging,
                qwiet.organization().minted(),
                qwiet.organization().deleted(),
                qwiet.organization().liveTokens().size(),
                checked,
                refused,
                settling,
                leases - settling);
    }

    /** The builds' own calls: each with its token, so that one that was revoked too early gives itself away. */
    private void countUses() {
        checked = qwiet.calls(Operation.SCOPES);
        refused = qwiet.requests().stream()
                .filter(request -> request.path().endsWith("/my_scopes") && request.status() == 401)
                .count();
    }

    @Override
    public void close() throws Exception {
        jenkins.tearDown();
        qwiet.close();
    }

    /** See the class. */
    public static void main(String[] args) throws Throwable {
        int kills = args.length > 0 ? Integer.parseInt(args[0]) : 50;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : new Random().nextInt(1_000_000);
        System.out.printf(Locale.ROOT, "%d kills, seed %d%n", kills, seed);
        long begun = System.nanoTime();
        Figures figures;
        try (var proof = new KillProof(seed)) {
            figures = proof.run(kills);
        }
        System.out.printf(Locale.ROOT, "%s; %.0f s%n", figures, (System.nanoTime() - begun) / 1e9);
        System.exit(figures.good() ? 0 : 1);
    }
}
