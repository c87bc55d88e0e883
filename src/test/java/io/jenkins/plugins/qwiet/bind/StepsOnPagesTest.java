package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.util.List;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Pipeline's own pages say of the steps. */
class StepsOnPagesTest extends WithQwiet {
    @Test
    void theStepsOfABuildShowWithWhichLabelATokenIsFound() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(
                "qwietCiToken(label: 'the label of it', validFor: 900)\n"
                        + "withQwietCiToken(label: 'another label', description: 'why') { }",
                true));
        Run<?, ?> run = jenkins.buildAndAssertSuccess(job);

        try (var client = Browser.withoutScripts(jenkins)) {
            HtmlPage steps = client.goTo(run.getUrl() + "flowGraphTable/");
            assertThat(steps.asNormalizedText()).contains("the label of it", "another label");
        }
    }

    /** The reference of steps calls required what this does. */
    @ParameterizedTest
    @ValueSource(classes = {QwietCiTokenStep.class, WithQwietCiTokenStep.class})
    void theReferenceCallsEveryArgumentOptional(Class<? extends Step> step) {
        List<DescribableParameter> arguments =
                List.copyOf(DescribableModel.of(step).getParameters());
        assertThat(arguments).extracting(DescribableParameter::getName).contains("label", "validFor");
        assertThat(arguments).noneMatch(DescribableParameter::isRequired);
    }
}
