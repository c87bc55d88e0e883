package io.jenkins.plugins.qwiet.demo;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Seed;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code ./demo} where Jenkins can be had: a stand-in for Qwiet, and a Jenkins with the plugin and jobs that use it. */
public final class Demo {
    private static final int USUAL_PORT = 8080;
    private static final int TOKENS_OF_OTHERS = 200;
    private static final int TOKENS_LEFT_BEHIND = 7;
    private static final List<String> JOBS =
            List.of("1-pipeline", "2-declarative", "3-with-credentials", "4-freestyle");

    private Demo() {}

    public static void main(String[] args) throws Exception {
        var arguments = new ArrayList<>(List.of(args));
        boolean once = arguments.remove("--once");
        try (FakeQwiet qwiet = FakeQwiet.start(Clock.systemUTC())) {
            Seed.tokens(qwiet.organization(), TOKENS_OF_OTHERS, Clock.systemUTC());
            int port = freePort();
            say("a mock server for Qwiet listens at " + qwiet.address() + " and has "
                    + qwiet.organization().liveTokens().size() + " live CI tokens of others");
            try (var jenkins = DemoJenkins.start(Path.of("").toAbsolutePath(), port, qwiet, arguments)) {
                say("Jenkins starts; its own log is in target/demo-jenkins.log");
                jenkins.awaitUp(Duration.ofMinutes(5));
                // Only Jenkins itself can write what it takes for its own; so these are as if its leases had been lost.
                Seed.leftBehind(
                        qwiet.organization(), jenkins.nonces(TOKENS_LEFT_BEHIND), jenkins.url(), Clock.systemUTC());
                int before = qwiet.organization().liveTokens().size();
                say("... and " + TOKENS_LEFT_BEHIND + " that builds of this Jenkins left behind");
                if (once) {
                    System.exit(walk(jenkins, qwiet, before) ? 0 : 1);
                }
                say("Jenkins is ready: " + jenkins.url() + " (no login; Ctrl-C ends it)");
                say("build any of the jobs " + JOBS + ", and look at their logs and at \"Qwiet token audit\"");
                var organization = qwiet.organization();
                say("to fill in the forms yourself, the organization is " + organization.id());
                say("... and this is a service account, to be pasted as a token: " + organization.serviceAccount());
                say("... and one that may mint, but not revoke and not list: "
                        + organization.serviceAccount("tokens:create"));
                say("what Qwiet has at the moment: " + qwiet.address().replaceFirst("/api/v4$", "/fake/tokens"));
                jenkins.awaitEnd();
            }
        }
    }

    private static boolean walk(DemoJenkins jenkins, FakeQwiet qwiet, int before) throws Exception {
        boolean good = true;
        for (String job : JOBS) {
            say("building " + job);
            String log = jenkins.build(job);
            System.out.println(log.strip().indent(4));
            good &= check("the build succeeded", log.contains("Finished: SUCCESS"));
            good &= check("the log shows **** and no token", log.contains("****") && !log.contains("eyJ"));
            good &= check(
                    "the audit found this build's token, and that it is not live",
                    log.contains("Qwiet tokens of this build:") && !log.contains("STILL ACTIVE"));
        }
        var organization = qwiet.organization();
        good &= check("Qwiet made " + JOBS.size() + " tokens for these builds", organization.minted() == JOBS.size());
        good &= check(
                "none of them is left in the organization",
                organization.liveTokens().size() == before
                        && organization.liveTokens().stream()
                                .map(FakeToken::label)
                                .noneMatch(label -> label.startsWith("demo:")));
        return good;
    }

    private static boolean check(String what, boolean holds) {
        say((holds ? "yes: " : "NO:  ") + what);
        return holds;
    }

    private static int freePort() throws IOException {
        try (var usual = new ServerSocket(USUAL_PORT)) {
            return usual.getLocalPort();
        } catch (IOException e) {
            try (var any = new ServerSocket(0)) {
                return any.getLocalPort();
            }
        }
    }

    static void say(String what) {
        System.out.println("demo: " + what);
    }
}
