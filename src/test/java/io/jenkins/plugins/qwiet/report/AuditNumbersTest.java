package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A script gives a number as it comes: from a parameter of the build it is a text, and blank if nobody filled it in. */
class AuditNumbersTest extends WithQwiet {
    private static final String DECLARATIVE =
            "pipeline { agent any\nstages { stage('audit') { steps { qwietTokenAudit(%s) } } } }";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maxDays: ''",
                "maxDays: ' ', maxLive: ''",
                "maxDays: null, maxLive: null",
                "maxDays: '90', maxLive: ' 10 '",
                "maxDays: \"${90}\", maxLive: \"${10}\"",
                "maxDays: 90, maxLive: 10"
            })
    void isTakenAsItComes(String arguments) throws Exception {
        assertThat(log(Result.SUCCESS, "qwietTokenAudit(" + arguments + ")"))
                .contains("Full report: Qwiet token audit")
                .doesNotContain("whole number");
        log(Result.SUCCESS, DECLARATIVE.formatted(arguments));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'ninety'|ninety",
                "1.5|1.5",
                "-3|-3",
                "[90]|ArrayList",
                "true|Boolean",
                "'99999999999'|99999999999"
            })
    void whatIsNoneIsAnsweredBySentence(String row) throws Exception {
        String argument = row.substring(0, row.indexOf('|'));
        String shown = row.substring(row.indexOf('|') + 1);
        String arguments = "maxDays: " + argument + ", maxLive: " + argument;
        for (String script : new String[] {"qwietTokenAudit(" + arguments + ")", DECLARATIVE.formatted(arguments)}) {
            assertThat(log(Result.FAILURE, script))
                    .contains(
                            "maxDays: \"" + shown + "\" is not a whole number, zero or more.",
                            "maxLive: \"" + shown + "\" is not a whole number, zero or more.")
                    .doesNotContain("ClassCastException", "\tat ");
        }
    }

    private String log(Result result, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun run = jenkins.assertBuildStatus(result, job.scheduleBuild2(0));
        return JenkinsRule.getLog(run);
    }
}
