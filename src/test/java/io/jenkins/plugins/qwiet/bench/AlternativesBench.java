package io.jenkins.plugins.qwiet.bench;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.sun.management.OperatingSystemMXBean;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Blocks with one {@code sh} each, as people write them with this plugin and without it, by turns in one Jenkins. */
@WithJenkins
class AlternativesBench {
    private static final boolean QUICK = Boolean.getBoolean("bench.quick");

    /** How a Pipeline comes to a token. */
    private enum Way {
        /** This plugin. */
        OURS("withQwietCiToken(label: 'bench') { sh ':' }"),
        /** A token that never ends: no call at all. */
        STORED("withCredentials([string(credentialsId: 'text', variable: 'SHIFTLEFT_ACCESS_TOKEN')]) { sh ':' }"),
        /** A token made and revoked by a script. */
        CURL("""
                withCredentials([string(credentialsId: 'account', variable: 'ACCOUNT')]) {
                  sh '''set +x
                    T=$(curl -sf -H "Authorization: Bearer $ACCOUNT" -H 'Content-Type: application/json' -d \
                      '{"label":"bench","role_id":"66ad5168-41be-4b6c-9ac5-a30b02229c35","token_type":"access","valid_for_seconds":3600}' \
                      $TOKENS)
                    ID=$(printf %s "$T" | grep -o '"id":"[^"]*' | cut -d '"' -f 4)
                    :
                    curl -sf -o /dev/null -X DELETE -H "Authorization: Bearer $ACCOUNT" $TOKENS/$ID'''
                }""");

        private final String block;

        Way(String block) {
            this.block = block;
        }
    }

    /**
     * What a build took, for each of its blocks.
     *
     * @param millis from its begin to its end
     * @param processorMillis of the controller, on which it ran; not of the processes that it started
     * @param kilobytes that the controller wrote, into files for the most part
     */
    private record Cost(double millis, double processorMillis, double kilobytes) {}

    @Test
    void row(JenkinsRule jenkins) throws Exception {
        // A controller runs for weeks. What has run ten times is compiled as it is there.
        int warmUps = QUICK ? 1 : 10;
        for (int latencyMillis : new int[] {0, 100}) {
            for (int blocks : QUICK ? new int[] {20} : new int[] {20, 200}) {
                compare(jenkins, blocks, latencyMillis, warmUps);
                warmUps = 0;
            }
        }
    }

    private static void compare(JenkinsRule jenkins, int blocks, int latencyMillis, int warmUps) throws Exception {
        try (var qwiet = QwietProcess.start(latencyMillis, 0)) {
            QwietAccount.set(qwiet.address(), qwiet.organization(), qwiet.serviceAccount());
            secretText("text", "s3cr3t text");
            secretText("account", qwiet.serviceAccount());
            Map<Way, List<Cost>> costs = new EnumMap<>(Way.class);
            Map<Way, WorkflowJob> jobs = new EnumMap<>(Way.class);
            String tokens = qwiet.address() + "/orgs/" + qwiet.organization() + "/tokens";
            for (Way way : Way.values()) {
                costs.put(way, new ArrayList<>());
                jobs.put(way, job(jenkins, way, blocks, tokens));
                for (int i = 0; i < warmUps; i++) {
                    cost(jenkins, jobs.get(way), blocks);
                }
            }
            List<Way> order = new ArrayList<>(List.of(Way.values()));
            // A build with many blocks takes a minute.
            int rounds = QUICK ? 1 : blocks < 100 ? 5 : 2;
            for (int round = 0; round < rounds; round++) {
                for (Way way : order) {
                    costs.get(way).add(cost(jenkins, jobs.get(way), blocks));
                }
                Collections.reverse(order);
            }
            print(blocks + " blocks, Qwiet takes " + latencyMillis + " ms", latencyMillis == 0, costs);
            new Figure(
                            "alternatives: tokens left by " + (rounds + warmUps) * Way.values().length + " builds",
                            "tokens",
                            new double[] {live(tokens, qwiet.serviceAccount())},
                            new double[0])
                    .atMost(0);
        }
    }

    private static void print(String name, boolean atOnce, Map<Way, List<Cost>> costs) {
        double[] ours = of(costs, Way.OURS, Cost::millis);
        double[] stored = of(costs, Way.STORED, Cost::millis);
        var more = new double[ours.length];
        for (int i = 0; i < more.length; i++) {
            more[i] = ours[i] - stored[i];
        }
        var beside = new Figure("alternatives: " + name + ", a block, beside a stored token", "ms", ours, stored);
        beside.print();
        var added = new Figure("alternatives: " + name + ", what a block adds to that", "ms", more, new double[0]);
        if (atOnce) {
            added.atMost(5);
        } else {
            added.print();
        }
        var byHand = new Figure(
                "alternatives: " + name + ", a block, beside curl", "ms", ours, of(costs, Way.CURL, Cost::millis));
        if (atOnce) {
            byHand.print();
        } else {
            byHand.timesPeerAtMost(1);
        }
        for (Way peer : List.of(Way.STORED, Way.CURL)) {
            String besidePeer = peer == Way.STORED ? ", beside a stored token" : ", beside curl";
            new Figure(
                            "alternatives: " + name + ", processor of the controller" + besidePeer,
                            "ms",
                            of(costs, Way.OURS, Cost::processorMillis),
                            of(costs, peer, Cost::processorMillis))
                    .print();
            new Figure(
                            "alternatives: " + name + ", written by the controller" + besidePeer,
                            "kB",
                            of(costs, Way.OURS, Cost::kilobytes),
                            of(costs, peer, Cost::kilobytes))
                    .print();
        }
    }

    private static double[] of(Map<Way, List<Cost>> costs, Way way, ToDoubleFunction<Cost> number) {
        return costs.get(way).stream().mapToDouble(number).toArray();
    }

    private static void secretText(String id, String text) throws IOException {
        var all = SystemCredentialsProvider.getInstance().getCredentials();
        all.removeIf(each ->
                each instanceof StringCredentialsImpl known && known.getId().equals(id));
        all.add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, null, Secret.fromString(text)));
        SystemCredentialsProvider.getInstance().save();
    }

    private static WorkflowJob job(JenkinsRule jenkins, Way way, int blocks, String tokens) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(
                "node { withEnv(['TOKENS=" + tokens + "']) { for (int i = 0; i < " + blocks + "; i++) {\n" + way.block
                        + "\n} } }",
                true));
        return job;
    }

    private static Cost cost(JenkinsRule jenkins, WorkflowJob job, int blocks) throws Exception {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long processor = machine.getProcessCpuTime();
        long written = written();
        long millis =
                jenkins.assertBuildStatus(Result.SUCCESS, job.scheduleBuild2(0)).getDuration();
        return new Cost(
                (double) millis / blocks,
                (machine.getProcessCpuTime() - processor) / 1e6 / blocks,
                (written() - written) / 1e3 / blocks);
    }

    private static int live(String tokens, String account) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(tokens + "?show_expired=false&token_type=access"))
                .header("Authorization", "Bearer " + account)
                .build();
        String list = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return list.split("\"label\"", -1).length - 1;
    }

    /** In bytes, since this process began. */
    private static long written() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("wchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
                .findFirst()
                .orElseThrow();
    }
}
