package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.Pages;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** What a script copies of a token is hidden, and stands just where it would without this plugin. */
class CopiedVariablesTest extends OnJenkins {
    @Test
    void winsOverGlobalVariablesAndParametersAndGivesWayToBlocksAndTheScript() throws Exception {
        jenkins.jenkins
                .getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(
                        new EnvironmentVariablesNodeProperty.Entry("COPY", "of all"),
                        new EnvironmentVariablesNodeProperty.Entry("GIVEN", "of all")));
        WorkflowJob job = job("""
                qwietCiToken(label: 'copied')
                env.COPY = env.SHIFTLEFT_ACCESS_TOKEN
                env.GIVEN = "Bearer ${env.SHIFTLEFT_ACCESS_TOKEN}"
                def same = 'test "$COPY" = "$SHIFTLEFT_ACCESS_TOKEN" && test "$GIVEN" = "Bearer $SHIFTLEFT_ACCESS_TOKEN"'
                echo "script: ${env.COPY == env.SHIFTLEFT_ACCESS_TOKEN} ${env.GIVEN == 'Bearer ' + env.COPY}"
                node {
                    sh same
                    withEnv(['COPY=of the block', 'OTHER=x']) {
                        echo "block: ${env.COPY}, ${env.GIVEN.startsWith('Bearer ')}"
                        sh 'test "$COPY" = "of the block"'
                        env.COPY = env.SHIFTLEFT_ACCESS_TOKEN
                        echo "still: ${env.COPY}"
                    }
                    sh same
                }
                env.COPY = 'of the script'
                withEnv(['OTHER=x']) { echo "later: ${env.COPY}"; node { sh 'test "$COPY" = "of the script"' } }
                """);
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "a parameter")));

        WorkflowRun run = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("script: true true", run);
        jenkins.assertLogContains("block: of the block, true", run);
        jenkins.assertLogContains("still: of the block", run);
        jenkins.assertLogContains("later: of the script", run);
        String value = token("copied").value();
        assertThat(filesContaining(run, value)).isEmpty();
        assertThat(Pages.of(jenkins, run, "api/json?depth=3"))
                .allSatisfy((path, page) -> assertThat(page).as(path).doesNotContain(value));
    }
}
