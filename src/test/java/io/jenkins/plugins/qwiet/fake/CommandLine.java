package io.jenkins.plugins.qwiet.fake;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/**
 * Runs {@link FakeQwiet} as a program: {@code --port N}, {@code --org UUID}, {@code --service-account VALUE}, {@code --seed
 * N} tokens, {@code --latency MS}, {@code --fail P} for random faults. All are optional.
 */
final class CommandLine {
    private static final List<String> OPTIONS =
            List.of("--port", "--org", "--service-account", "--seed", "--latency", "--fail");

    private CommandLine() {}

    static void run(String[] args) throws InterruptedException {
        try {
            start(options(List.of(args)), System.out, System.err);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        new CountDownLatch(1).await();
    }

    static FakeQwiet start(Map<String, String> options, PrintStream out, PrintStream log) {
        var fake = new FakeQwiet(
                Integer.parseInt(options.getOrDefault("--port", "0")),
                Clock.systemUTC(),
                options.getOrDefault("--org", UUID.randomUUID().toString()),
                options.get("--service-account"),
                log);
        Seed.tokens(fake.organization(), Integer.parseInt(options.getOrDefault("--seed", "0")), Clock.systemUTC());
        fake.latency(Duration.ofMillis(Long.parseLong(options.getOrDefault("--latency", "0"))));
        double probability = Double.parseDouble(options.getOrDefault("--fail", "0"));
        if (probability > 0) {
            fake.faultRandomly(probability, new Random(), whatHappens());
        }
        out.println("address=" + fake.address());
        out.println("organization=" + fake.organization().id());
        out.println("serviceAccount=" + fake.organization().serviceAccount());
        out.flush();
        return fake;
    }

    static Map<String, String> options(List<String> args) {
        var options = new HashMap<String, String>();
        for (int i = 0; i < args.size(); i += 2) {
            if (!OPTIONS.contains(args.get(i)) || i + 1 == args.size()) {
                throw new IllegalArgumentException(
                        "Not understood: " + args.get(i) + ". Options, each with a value: " + OPTIONS);
            }
            options.put(args.get(i), args.get(i + 1));
        }
        return options;
    }

    private static List<Fault> whatHappens() {
        var faults = new ArrayList<Fault>();
        faults.add(Fault.tooManyRequests(Operation.ANY, "1"));
        faults.add(Fault.unavailable(Operation.ANY, "1"));
        faults.add(Fault.status(Operation.ANY, 500, "INTERNAL", "Something broke"));
        faults.add(Fault.cutBefore(Operation.ANY));
        faults.add(Fault.cutAfter(Operation.ANY));
        faults.add(Fault.cutDuringBody(Operation.ANY));
        faults.add(Fault.truncatedJson(Operation.ANY));
        faults.add(Fault.errorAfter(Operation.ANY, 502));
        return faults;
    }
}
