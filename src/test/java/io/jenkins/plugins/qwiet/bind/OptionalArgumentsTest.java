package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No argument of the steps is needed: neither in Scripted Pipeline nor in Declarative, in none of its places. */
class OptionalArgumentsTest extends OnJenkins {
    private static final String DECLARATIVE =
            "pipeline { agent none; OPTIONS; stages { stage('s') { STAGE_OPTIONS; steps { echo 'in'; STEP } } } }";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken { echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\" }",
                "withQwietCiToken() { echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\" }",
                "withQwietCiToken(label: 'a label') { echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\" }",
                "withQwietCiToken(validFor: 900) { echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\" }",
                "withQwietCiToken(description: 'why', validFor: 900) { echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\" }",
                "qwietCiToken(); echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\"",
                "qwietCiToken(label: 'a label'); echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\"",
                "qwietCiToken(validFor: 900); echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\"",
                "qwietCiToken(orgVariable: 'ORG'); echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\"",
            })
    void areTakenByBothKindsOfPipeline(String step) throws Exception {
        jenkins.assertLogContains("see: ****", build(Result.SUCCESS, step));
        jenkins.assertLogContains("see: ****", declarative("", "", step));

        assertThat(qwiet.organization().minted()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken()",
                "withQwietCiToken(label: 'a label')",
                "withQwietCiToken(validFor: 900)",
                "withQwietCiToken(description: 'why', validFor: 900)"
            })
    void areTakenAsOptions(String option) throws Exception {
        String options = "options { " + option + " }";
        String step = "echo \"see: ${env.SHIFTLEFT_ACCESS_TOKEN}\"";

        jenkins.assertLogContains("see: ****", declarative(options, "", step));
        jenkins.assertLogContains("see: ****", declarative("", options, step));

        assertThat(qwiet.organization().minted()).isEqualTo(2);
    }

    @Test
    void withoutALabelTheBuildNamesTheToken() throws Exception {
        WorkflowRun run = declarative("", "", "withQwietCiToken(validFor: 900) { }");

        TokenRecord token = BuildTokens.of(run).orElseThrow().getTokens().get(0);
        assertThat(token.label()).isEqualTo(run.getParent().getName() + " #1");
        assertThat(Duration.between(token.mintedAt(), token.expiresAt())).isLessThan(Duration.ofSeconds(1000));
    }

    @Test
    void aSoleLabelNeedsNoNameInScriptedPipeline() throws Exception {
        build(Result.SUCCESS, "qwietCiToken 'sole'");
        build(Result.SUCCESS, "withQwietCiToken('block') { }");

        assertThat(qwiet.requests())
                .filteredOn(r -> r.method().equals("POST"))
                .satisfiesExactly(
                        one -> assertThat(one.body()).contains("\"sole\""),
                        other -> assertThat(other.body()).contains("\"block\""));
    }

    @Test
    void theSnippetGeneratorLeavesOutWhatIsNotNeeded() {
        assertThat(Snippetizer.object2Groovy(new QwietCiTokenStep(null))).isEqualTo("qwietCiToken()");
        assertThat(Snippetizer.object2Groovy(new QwietCiTokenStep("x"))).isEqualTo("qwietCiToken label: 'x'");
        assertThat(Snippetizer.object2Groovy(new WithQwietCiTokenStep(null))).startsWith("withQwietCiToken {");
        assertThat(Snippetizer.object2Groovy(new WithQwietCiTokenStep("x")))
                .startsWith("withQwietCiToken(label: 'x') {");
    }

    private static WorkflowRun declarative(String options, String stageOptions, String step) throws Exception {
        return build(
                Result.SUCCESS,
                DECLARATIVE
                        .replace("; OPTIONS", options.isEmpty() ? "" : "; " + options)
                        .replace("STAGE_OPTIONS;", stageOptions.isEmpty() ? "" : stageOptions + ";")
                        .replace("STEP", step));
    }
}
