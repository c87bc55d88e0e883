package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.EnvVars;
import hudson.model.Label;
import hudson.model.Result;
import hudson.plugins.timestamper.TimestamperConfig;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.TextsOnDisk;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Tokens in containers of Docker Pipeline. The {@code docker} on the agent's PATH is a stand-in: it writes down its arguments,
 * which the list of processes shows, and runs what it is asked to with those variables only that the arguments give.
 */
class InContainersTest extends OnJenkins {
    private static final String DOCKER = """
            #!/bin/sh
            printf '%s ' "$@" | tr '\\n' ' ' >> CALLS
            echo >> CALLS
            command=$1
            [ $# -eq 0 ] || shift
            case $command in
              -v) echo 'Docker version 28.1.1, build 0' ;;
              run)
                for each; do [ "$each" != -d ] || { echo container; exit; }; done
                while [ "$1" != scanner ]; do shift; done
                shift
                exec "$@" ;;
              top) printf 'PID COMMAND\\n1 cat\\n' ;;
              exec)
                unset SHIFTLEFT_ACCESS_TOKEN SHIFTLEFT_ORG_ID
                while [ "$1" != container ]; do
                  case $1 in
                    --env) export "$2" ;;
                    --workdir) cd "$2" ;;
                  esac
                  shift 2
                done
                shift
                exec "$@" ;;
            esac
            """;

    /**
     * The shell prints the token; its digest says which one the process has. Both sides of a pipe are traced at once, and
     * then stand in one line at times.
     */
    private static final String SCAN =
            "sh 'echo \"seen $SHIFTLEFT_ACCESS_TOKEN\"; " + "printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" | sha256sum'";

    private static final String INSIDE = "docker.image('scanner').inside";

    @TempDir
    Path directory;

    /** Where the token is created, and so whether Docker Pipeline gives it to the container as it starts. */
    enum Shape {
        BLOCK_AROUND("node('docker') { withQwietCiToken(label: 'scan') { " + INSIDE + " { SCAN } } }", true),
        REST_AROUND("node('docker') { qwietCiToken(label: 'scan')\n" + INSIDE + " { SCAN } }", true),
        BINDING_AROUND(
                "node('docker') { withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'scan')]) { " + INSIDE
                        + " { SCAN } } }",
                true),
        BLOCK_WITHIN("node('docker') { " + INSIDE + " { withQwietCiToken(label: 'scan') { SCAN } } }", false),
        REST_WITHIN("node('docker') { " + INSIDE + " { qwietCiToken(label: 'scan')\nSCAN } }", false),
        BINDING_WITHIN(
                "node('docker') { " + INSIDE
                        + " { withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'scan')]) { SCAN } } }",
                false),
        DECLARATIVE(
                "pipeline { agent { docker { image 'scanner'; label 'docker' } }\n"
                        + "stages { stage('scan') { steps { withQwietCiToken(label: 'scan') { SCAN } } } } }",
                false),
        DECLARATIVE_STAGE(
                "pipeline { agent none; stages { stage('scan') {\n"
                        + "agent { docker { image 'scanner'; label 'docker' } }\n"
                        + "options { withQwietCiToken(label: 'scan') }\nsteps { SCAN } } } }",
                true),
        DECLARATIVE_OPTION(
                "pipeline { agent { docker { image 'scanner'; label 'docker' } }\n"
                        + "options { withQwietCiToken(label: 'scan') }\nstages { stage('scan') { steps { SCAN } } } }",
                false),
        ALL_AT_ONCE(
                "node('docker') { ansiColor('xterm') { timestamps { timeout(5) { withQwietCiToken(label: 'scan') { "
                        + INSIDE + " { SCAN } } } } } }",
                true);

        private final String script;
        private final boolean known;

        Shape(String script, boolean known) {
            this.script = script;
            this.known = known;
        }
    }

    @BeforeEach
    void docker() throws Exception {
        Path docker = directory.resolve("docker");
        Files.writeString(docker, DOCKER.replace("CALLS", calls().toString()));
        assertThat(docker.toFile().setExecutable(true)).isTrue();
        jenkins.createOnlineSlave(
                Label.get("docker"), new EnvVars("PATH", directory + File.pathSeparator + System.getenv("PATH")));
    }

    @AfterEach
    void asItWas() {
        DurableTaskStep.USE_WATCHING = false;
        TimestamperConfig.get().setAllPipelines(false);
    }

    @ParameterizedTest
    @EnumSource
    void theProcessInsideHasTheTokenAndNothingElseKeepsIt(Shape shape) throws Exception {
        DurableTaskStep.USE_WATCHING = shape == Shape.ALL_AT_ONCE;
        TimestamperConfig.get().setAllPipelines(shape == Shape.ALL_AT_ONCE);

        Paused build = paused(shape.script.replace("SCAN", SCAN + "\nsemaphore 'PAUSE'"));
        String value = token("scan").value();
        assertThat(calls("run ")).hasSize(1).allMatch(call -> call.contains(value) == shape.known);
        assertThat(calls("exec ")).isNotEmpty().allMatch(call -> call.contains(value));
        WorkflowRun run = build.goOn(Result.SUCCESS);

        jenkins.assertLogContains(digest(value), run);
        jenkins.assertLogContains("seen ****", run);
        jenkins.assertLogContains("Qwiet: revoked CI token \"scan\"", run);
        assertThat(qwiet.organization().isLive(value)).isFalse();
        assertHidden(run, value);
    }

    /** The variable is named without its value, as the documents advise. */
    @Test
    void theListOfProcessesNeedNotShowIt() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node('docker') {
                  withQwietCiToken(label: 'named') {
                    sh \"""docker run --rm -e SHIFTLEFT_ACCESS_TOKEN -e SHIFTLEFT_ORG_ID scanner \\\\
                        sh -c 'printf %s "\\$SHIFTLEFT_ACCESS_TOKEN" | sha256sum'\"""
                  }
                }
                """);

        assertThat(calls("run ")).hasSize(1).noneMatch(call -> call.contains(signature(valueOf("named"))));
        jenkins.assertLogContains(digest(valueOf("named")), run);
        assertHidden(run, valueOf("named"));
    }

    @Test
    void theTokenOfAContainerThatIsAbortedIsRevoked() throws Exception {
        Path up = directory.resolve("up");
        WorkflowRun run = job("node('docker') { withQwietCiToken(label: 'aborted') { " + INSIDE + " { sh '''set +x\n"
                        + "echo up $SHIFTLEFT_ACCESS_TOKEN; touch UP; while [ -e UP ]; do sleep 0.1; done''' } } }"
                                .replace("UP", up.toString()))
                .scheduleBuild2(0)
                .waitForStart();
        await().until(() -> Files.exists(up));
        String value = token("aborted").value();

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        Files.deleteIfExists(up);
        assertThat(qwiet.organization().isLive(value)).isFalse();
        jenkins.assertLogContains("up ****", run);
        assertThat(calls("stop ")).hasSize(1);
        assertHidden(run, value);
    }

    private void assertHidden(WorkflowRun run, String value) throws IOException {
        assertThat(new Leaks(value).in(JenkinsRule.getLog(run))).isFalse();
        // The agent's directory is there too.
        await().untilAsserted(() -> assertThat(TextsOnDisk.namesOfThoseWith(
                        signature(value), jenkins.jenkins.getRootDir().toPath()))
                .isEmpty());
    }

    private Path calls() {
        return directory.resolve("calls");
    }

    private List<String> calls(String command) throws IOException {
        return Files.readAllLines(calls()).stream()
                .filter(call -> call.startsWith(command))
                .toList();
    }

    private static String digest(String value) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
    }
}
