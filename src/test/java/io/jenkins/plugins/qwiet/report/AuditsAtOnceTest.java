package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** Each branch of a build audits, and all end at the same moment. */
class AuditsAtOnceTest extends OnJenkins {
    @Test
    void leaveOnePage() throws Exception {
        qwiet.latency(Duration.ofMillis(200));
        WorkflowRun run = build(Result.SUCCESS, """
                def branches = [:]
                for (int i = 0; i < 12; i++) {
                  branches['b' + i] = { qwietTokenAudit() }
                }
                parallel branches
                """);
        assertThat(run.getActions(QwietTokensAction.class)).hasSize(1);
    }
}
