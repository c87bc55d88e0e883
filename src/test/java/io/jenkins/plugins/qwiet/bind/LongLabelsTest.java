package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A label that Qwiet would not take is said before anything is sent, whatever form it stands in. */
class LongLabelsTest extends OnJenkins {
    private static final String LABEL = "x".repeat(300);

    private void isSaid(Run<?, ?> run) throws Exception {
        jenkins.assertLogContains("The label has 300 characters: expected at most 256", run);
        jenkins.assertLogNotContains("\tat ", run);
        assertThat(qwiet.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwietCiToken(label: LABEL)",
                "qwietCiToken(LABEL)",
                "withQwietCiToken(label: LABEL) { echo 'in' }",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: LABEL, variable: 'T')]) { echo 'in' }"
            })
    void inAPipeline(String step) throws Exception {
        isSaid(build(Result.FAILURE, "String LABEL = 'x' * 300\n" + step));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "steps { withQwietCiToken(label: 'LABEL') { echo 'in' } }",
                "steps { qwietCiToken(label: 'LABEL') }"
            })
    void inADeclarativePipeline(String stage) throws Exception {
        isSaid(build(
                Result.FAILURE,
                "pipeline { agent none; stages { stage('a') { " + stage.replace("LABEL", LABEL) + " } } }"));
    }

    @Test
    void asAnOptionOfAStage() throws Exception {
        isSaid(build(
                Result.FAILURE,
                "pipeline { agent none; stages { stage('a') { options { withQwietCiToken(label: '" + LABEL
                        + "') }; steps { echo 'in' } } } }"));
    }

    @Test
    void inAFreestyleJob() throws Exception {
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel(LABEL);
        FreeStyleProject bound = jenkins.createFreeStyleProject(newName());
        bound.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));
        isSaid(jenkins.buildAndAssertStatus(Result.FAILURE, bound));

        FreeStyleProject stepped = jenkins.createFreeStyleProject(newName());
        stepped.getBuildersList().add(new QwietTokenBuilder(LABEL));
        isSaid(jenkins.buildAndAssertStatus(Result.FAILURE, stepped));
    }
}
