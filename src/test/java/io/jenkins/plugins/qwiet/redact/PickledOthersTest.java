package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.FilePath;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.pickles.Pickle;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other plugins save of an object in a program in place of it. */
class PickledOthersTest extends OnJenkins {
    public static class NotSerializable extends Exception {
        private final Object connection = new Object();

        public NotSerializable(String message) {
            super(message);
        }

        public Object connection() {
            return connection;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "try { throw new io.jenkins.plugins.qwiet.redact.PickledOthersTest.NotSerializable(\"401 for ${env.T}\") }"
                        + " catch (e) { PAUSE; echo e.message }",
                "def file = new hudson.FilePath(new File('/x/' + env.T.tokenize('.').last())); PAUSE; echo file.remote",
            })
    void isHiddenInTheProgram(String script) throws Exception {
        String pause = newName();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        String whole = "qwietCiToken(label: 'kept', variable: 'T')\n" + script;
        job.setDefinition(new CpsFlowDefinition(whole.replace("PAUSE", "semaphore '" + pause + "'"), false));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        String value = token("kept").value();
        Path program = run.getRootDir().toPath().resolve("program.dat");

        await().untilAsserted(() -> assertThat(program).isNotEmptyFile());

        assertThat(Files.readString(program, StandardCharsets.ISO_8859_1))
                .doesNotContain(value, value.substring(value.lastIndexOf('.') + 1));
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
    }

    @Test
    void comesBackAsItWas() throws Exception {
        Paused build = paused("qwietCiToken(label: 'back'); semaphore 'PAUSE'");
        var file = new FilePath(new File("/x/" + token("back").value()));

        Pickle pickle = new PickledOthers().writeReplace(file);

        FlowExecutionOwner owner = ((FlowExecutionOwner.Executable) build.run()).asFlowExecutionOwner();
        assertThat(pickle.rehydrate(owner).get()).isEqualTo(file);
        assertThat(new PickledOthers().writeReplace("a text")).isNull();
        build.goOn(Result.SUCCESS);
    }
}
