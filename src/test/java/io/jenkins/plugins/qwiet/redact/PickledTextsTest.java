package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a running program keeps of a token in {@code program.dat}. */
class PickledTextsTest extends OnJenkins {
    /** A Groovy variable with a live token in it is encrypted, whatever holds it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "new URL('https://x.example/?t=' + env.T)",
                "new URI('https://x.example/?t=' + env.T)",
                "new File('/x/' + env.T)",
                "java.util.regex.Pattern.compile(env.T)",
                "net.sf.json.JSONObject.fromObject([t: env.T])",
                "\"user:${env.T}\"",
                "env.T.toCharArray() as Character[]",
                "new java.util.concurrent.atomic.AtomicReference(env.T)",
                "Collections.singletonMap('t', env.T)",
                "[env.T] as Set",
                "java.nio.file.Paths.get('/x', env.T).toUri()",
                "java.net.InetSocketAddress.createUnresolved(env.T, 1)",
                "new javax.crypto.spec.SecretKeySpec(env.T.bytes, 'x')",
                "env.T.getBytes('UTF-16')",
            })
    void noProgramHasAToken(String expression) throws Exception {
        String pause = newName();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(
                "qwietCiToken(label: 'kept', variable: 'T'); def kept = " + expression + "; semaphore '" + pause
                        + "'; echo \"then ${kept.getClass()}\"",
                false));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        String signature = signature(token("kept").value());
        Path program = run.getRootDir().toPath().resolve("program.dat");
        await().untilAsserted(() -> assertThat(program).isNotEmptyFile());
        String bytes = Files.readString(program, StandardCharsets.ISO_8859_1).replace("\0", "");

        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
        assertThat(bytes).doesNotContain(signature);
    }
}
