package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.logging.Level;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.LogRecorder;

/** A build's record of its tokens on disk, which Pipeline writes whenever it likes. */
class BuildTokensTest extends WithQwiet {
    private static WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    @Test
    void canBeWrittenWhileItChanges() throws Exception {
        WorkflowJob job = job("def many = [:]\n"
                + "for (int i = 0; i < 4; i++) {\n"
                + "  many[\"$i\"] = { for (int n = 0; n < 10; n++) { withQwietCiToken(label: 'many') {} } }\n"
                + "}\n"
                + "parallel many");
        try (var warnings = new LogRecorder()) {
            warnings.record(CpsFlowExecution.class, Level.WARNING).capture(10);

            WorkflowRun run = jenkins.buildAndAssertSuccess(job);

            assertThat(warnings.getMessages()).isEmpty();
            assertThat(onDisk(run)).contains("label=\"many\"");
            assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                    .hasSize(40)
                    .allSatisfy(token -> assertThat(token.revokedAt()).isNotNull());
        }
    }

    @Test
    void isOnDiskAsSoonAsTheBlockHasBegunAndAsSoonAsItHasEnded() throws Exception {
        WorkflowRun run = job("withQwietCiToken(label: 'one') { semaphore 'inside' }\nsemaphore 'behind'")
                .scheduleBuild2(0)
                .waitForStart();

        SemaphoreStep.waitForStart("inside/1", run);
        await().untilAsserted(
                        () -> assertThat(onDisk(run)).contains("label=\"one\"").doesNotContain("revokedAt="));
        SemaphoreStep.success("inside/1", null);

        SemaphoreStep.waitForStart("behind/1", run);
        await().untilAsserted(() -> assertThat(onDisk(run)).contains("revokedAt=\""));
        SemaphoreStep.success("behind/1", null);
        jenkins.waitForCompletion(run);
    }

    private static String onDisk(WorkflowRun run) throws IOException {
        return Files.readString(run.getRootDir().toPath().resolve("build.xml"));
    }
}
