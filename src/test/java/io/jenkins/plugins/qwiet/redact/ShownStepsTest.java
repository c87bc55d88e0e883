package io.jenkins.plugins.qwiet.redact;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token would be shown and cannot be hidden, the log says so. */
class ShownStepsTest extends OnJenkins {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "input(message: \"deploy with ${env.SHIFTLEFT_ACCESS_TOKEN}?\")",
                "input(message: 'deploy?', parameters: [string(name: 'P', defaultValue: env.SHIFTLEFT_ACCESS_TOKEN)])",
                "node(\"label-${env.SHIFTLEFT_ACCESS_TOKEN}\") { }",
            })
    void saysThatATokenIsShown(String step) throws Exception {
        WorkflowRun run = job("withQwietCiToken(label: 'shown') { " + step + " }")
                .scheduleBuild2(0)
                .waitForStart();

        jenkins.waitForMessage(
                "a CI token stands in the arguments of the step " + step.substring(0, step.indexOf('(')), run);
        run.getExecutor().interrupt();
        jenkins.waitForCompletion(run);
    }

    @Test
    void saysNothingOfOthers() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "properties([]); withQwietCiToken(label: 'other') { node { echo env.SHIFTLEFT_ACCESS_TOKEN } }");

        jenkins.assertLogNotContains("stands in the arguments", run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "properties([parameters([string(name: 'P', defaultValue: env.SHIFTLEFT_ACCESS_TOKEN)])]); sleep 600",
                "pipeline { agent none; parameters { string(name: 'P', defaultValue: \"${env.SHIFTLEFT_ACCESS_TOKEN}\") }\n"
                        + "stages { stage('a') { steps { sleep 600 } } } }"
            })
    void saysThatATokenStandsInTheConfigurationOfTheJob(String script) throws Exception {
        WorkflowRun run =
                job("qwietCiToken(label: 'shown')\n" + script).scheduleBuild2(0).waitForStart();

        jenkins.waitForMessage("a CI token stands in the configuration of this job", run);
        run.getExecutor().interrupt();
        jenkins.waitForCompletion(run);
    }
}
