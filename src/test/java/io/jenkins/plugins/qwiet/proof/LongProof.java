package io.jenkins.plugins.qwiet.proof;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jvnet.hudson.test.fixtures.RealJenkinsFixture;

/**
 * Lets builds live for many validities of their tokens, of 60 seconds each, through kills, restarts, a Jenkins that is down
 * for longer than a token lives, questions that nobody answers for long, and outages of Qwiet. Each step asks the stand-in
 * for Qwiet, which lives in this process, whether its token is good.
 *
 * <p>Argument: rounds (8), of about a minute and a half each. Ends with status 1 if a step found its token dead while Qwiet
 * was up, if a build failed, or if a token is left.
 */
public final class LongProof implements AutoCloseable {
    private static final int WORK_SECONDS = 50;
    private static final int SETTLE_SECONDS = 8;
    private static final int DOWN_SECONDS = 45;
    private static final int OUTAGE_SECONDS = 70;
    /** After an outage Jenkins looks for Qwiet again within so long. */
    private static final int BACK_SECONDS = 20;

    private static final Duration LONGEST_END = Duration.ofMinutes(4);

    private final FakeQwiet qwiet = FakeQwiet.start();
    private final Path stop;
    private final RealJenkinsFixture jenkins =
            new RealJenkinsFixture().withTimeout(0).javaOptions(JenkinsProcess.startsSoon());
    private long deadInOutages;
    private long seenDead;

    public LongProof() throws Exception {
        stop = Files.createTempDirectory("long-proof").resolve("stop");
        jenkins.setUp(LongProof.class.getName(), "long");
    }

    /** True if the promise was kept. */
    public boolean run(int rounds) throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(
                LongJobs::create,
                qwiet.address(),
                qwiet.organization().id(),
                qwiet.organization().serviceAccount(),
                stop.toString());
        for (int round = 0; round < rounds; round++) {
            jenkins.runRemotely(LongJobs::keepBuilding);
            TimeUnit.SECONDS.sleep(WORK_SECONDS);
            jenkins.runRemotely(LongJobs::answer);
            // A kill right after an answer makes Pipeline lose it, and the question too.
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            String what = disturb(round % 4);
            seenDead = dead();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d steps asked, %d tokens minted, %d found dead while Qwiet was up, %d there%n",
                    what,
                    qwiet.calls(Operation.SCOPES),
                    qwiet.organization().minted(),
                    seenDead - deadInOutages,
                    qwiet.organization().liveTokens().size());
        }
        return end();
    }

    private String disturb(int which) throws Throwable {
        switch (which) {
            case 0 -> {
                jenkins.stopJenkinsForcibly();
                jenkins.startJenkins();
                return "kill";
            }
            case 1 -> {
                jenkins.stopJenkinsForcibly();
                TimeUnit.SECONDS.sleep(DOWN_SECONDS);
                jenkins.startJenkins();
                return "down for longer than a token lives";
            }
            case 2 -> {
                long before = dead();
                qwiet.faultAlways(Fault.cutBefore(Operation.ANY));
                TimeUnit.SECONDS.sleep(OUTAGE_SECONDS);
                qwiet.clearFaults();
                TimeUnit.SECONDS.sleep(BACK_SECONDS);
                deadInOutages += dead() - before;
                return "outage";
            }
            default -> {
                jenkins.stopJenkins();
                jenkins.startJenkins();
                return "restart";
            }
        }
    }

    private boolean end() throws Throwable {
        Files.createFile(stop);
        Instant deadline = Instant.now().plus(LONGEST_END);
        while (jenkins.runRemotely(ProofJobs::inProgress) > 0 && Instant.now().isBefore(deadline)) {
            jenkins.runRemotely(LongJobs::answer);
            TimeUnit.SECONDS.sleep(1);
        }
        int hanging = jenkins.runRemotely(ProofJobs::endHanging);
        do {
            jenkins.runRemotely(ProofJobs::sweep);
        } while (!qwiet.organization().liveTokens().isEmpty() && Instant.now().isBefore(deadline));
        List<String> failed = jenkins.runRemotely(LongJobs::failed);
        failed.forEach(build -> System.out.println("failed: " + build));
        long found = dead() - deadInOutages;
        int left = qwiet.organization().liveTokens().size();
        System.out.printf(
                Locale.ROOT,
                "steps started %d, tokens used %d, found dead %d (and %d during outages), left %d;"
                        + " builds failed %d; %d hung in Pipeline, and were ended%n",
                qwiet.calls(Operation.SCOPES),
                qwiet.organization().minted(),
                found,
                deadInOutages,
                left,
                failed.size(),
                hanging);
        return found == 0 && left == 0 && failed.isEmpty();
    }

    private long dead() {
        return qwiet.requests().stream()
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
        boolean good;
        try (var proof = new LongProof()) {
            good = proof.run(args.length > 0 ? Integer.parseInt(args[0]) : 8);
        }
        System.exit(good ? 0 : 1);
    }
}
