package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleProject;
import hudson.slaves.DumbSlave;
import hudson.tasks.Shell;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.TextsOnDisk;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where neither the service account's token nor that of a build may be found, while the build runs and after it. */
class SecretsAtRestTest extends WithQwiet {
    private static final String USES = """
            sh 'echo "$SHIFTLEFT_ACCESS_TOKEN"'
            echo "${env.SHIFTLEFT_ACCESS_TOKEN}"
            semaphore 'PAUSE'
            """;

    private static final List<String> PAGES = List.of(
            "api/json?depth=9",
            "BUILD/",
            "BUILD/api/json?depth=9",
            "BUILD/api/xml?depth=9",
            "BUILD/consoleText",
            "BUILD/console",
            "threadDump",
            "manage/systemInfo");

    private static DumbSlave agent;

    @BeforeAll
    static void secure() throws Exception {
        SecuredJenkins.secure(jenkins);
        agent = jenkins.createOnlineSlave();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwietCiToken(label: 'x')\nBODY",
                "withQwietCiToken(label: 'x') {\nBODY}",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'x')]) {\nBODY}"
            })
    void areNowhereButInTheEnvironmentOfAPipeline(String form) throws Exception {
        String pause = newName();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(
                "node('" + agent.getNodeName() + "') {\n" + form.replace("BODY", USES.replace("PAUSE", pause)) + "\n}",
                true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        List<String> secrets = secrets();
        assertThat(secrets).hasSize(2);

        areNowhere(secrets, run.getUrl());

        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        areNowhere(secrets, run.getUrl());
    }

    @Test
    void areNowhereButInTheEnvironmentOfAFreestyleBuild() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("freestyle");
        job.setAssignedNode(agent);
        job.getBuildersList().add(new QwietTokenBuilder("x"));
        Path up = Files.createTempDirectory("qwiet").resolve("up");
        job.getBuildersList().add(new Shell("""
                echo "$SHIFTLEFT_ACCESS_TOKEN"
                touch 'UP'
                while [ -e 'UP' ]; do sleep 0.1; done
                """.replace("UP", up.toString())));
        var run = job.scheduleBuild2(0).waitForStart();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(up).exists());
        List<String> secrets = secrets();
        assertThat(secrets).hasSize(2);

        areNowhere(secrets, run.getUrl());

        Files.delete(up);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        areNowhere(secrets, run.getUrl());
    }

    /** The service account's own, and those that are alive. */
    private List<String> secrets() {
        return Stream.concat(
                        Stream.of(qwiet.organization().serviceAccount()),
                        qwiet.organization().liveTokens().stream().map(FakeToken::value))
                .toList();
    }

    private static void areNowhere(List<String> secrets, String build) throws Exception {
        var places = new LinkedHashMap<String, String>();
        read(jenkins.jenkins.getRootDir().toPath(), places);
        read(Path.of(agent.getRemoteFS()), places);
        places.put("the arguments of all processes", String.join("\n", commandLines()));
        places.put("the configuration as code", exported());
        var admin = Visitor.named(jenkins, SecuredJenkins.ADMIN);
        for (String path : PAGES) {
            var answer = admin.get(path.replace("BUILD/", build));
            assertThat(answer.status()).as(path).isEqualTo(200);
            places.put(path, answer.body());
        }
        places.forEach((place, text) -> assertThat(text.contains(secrets.get(0)) || text.contains(secrets.get(1)))
                .as("a secret in " + place)
                .isFalse());
    }

    private static String exported() throws Exception {
        var out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void read(Path root, Map<String, String> places) throws IOException {
        TextsOnDisk.below(root, file -> !root.relativize(file).startsWith("plugins"))
                .forEach((file, text) -> places.put(file.toString(), text));
    }

    /** Of all processes of this machine, where the system shows them. */
    private static List<String> commandLines() {
        var lines = new ArrayList<String>();
        ProcessHandle.allProcesses().forEach(process -> {
            process.info().commandLine().ifPresent(lines::add);
            process.info().arguments().ifPresent(arguments -> lines.add(String.join(" ", arguments)));
        });
        return lines;
    }
}
