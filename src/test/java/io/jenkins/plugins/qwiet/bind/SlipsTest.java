package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write who mistake one form for another is answered by a sentence, and no token is minted for it. */
class SlipsTest extends OnJenkins {
    private WorkflowRun refused(String script) throws Exception {
        WorkflowRun run = build(Result.FAILURE, script);
        assertThat(qwiet.requests()).isEmpty();
        jenkins.assertLogNotContains("\tat ", run);
        return run;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwietCiToken { echo 'in' }",
                "qwietCiToken() { echo 'in' }",
                "qwietCiToken('x') { echo 'in' }",
                "qwietCiToken(label: 'x') { echo 'in' }",
                "node { qwietCiToken(label: 'x', validFor: 900) { echo 'in' } }",
                "def scan() { qwietCiToken(label: 'x') { echo 'in' } }; scan()",
                "pipeline { agent none; stages { stage('s') { steps { qwietCiToken { echo 'in' } } } } }",
                "pipeline { agent none; stages { stage('s') { steps { qwietCiToken(label: 'x') { echo 'in' } } } } }",
                "pipeline { agent none; stages { stage('s') { steps { script {"
                        + " qwietCiToken(label: 'x') { echo 'in' } } } } } }"
            })
    void aBlockWhereNoneIsTaken(String script) throws Exception {
        jenkins.assertLogContains("ERROR: qwietCiToken takes no block", refused(script));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken()",
                "withQwietCiToken(label: 'x')",
                "withQwietCiToken 'x'",
                "withQwietCiToken(\"x${1}\"); echo 'after'",
                "pipeline { agent none; stages { stage('s') { steps { script { withQwietCiToken(label: 'x') } } } } }"
            })
    void aMissingBlock(String script) throws Exception {
        jenkins.assertLogContains("ERROR: withQwietCiToken has no block", refused(script));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withCredentials([qwietCiToken(label: 'x')]) { echo 'in' }",
                "withCredentials([qwietAccessToken(credentialsId: 'sa'), qwietCiToken('x')]) { echo 'in' }",
                "node { withCredentials([withQwietCiToken(label: 'x')]) { echo 'in' } }",
                "pipeline { agent none; stages { stage('s') { steps {"
                        + " withCredentials([qwietCiToken(label: 'x')]) { echo 'in' } } } } }"
            })
    void aStepAmongBindings(String script) throws Exception {
        jenkins.assertLogContains("ERROR: A step of this plugin stands among the bindings", refused(script));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwietCiToken(lable: 'x')",
                "withQwietCiToken(lable: 'x') { echo 'in' }",
                "withQwietCiToken(Label: 'x') { echo 'in' }"
            })
    void aMistypedArgument(String script) throws Exception {
        jenkins.assertLogContains(
                "did you mean \"label\"? It takes credentialsId, description, label", refused(script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwietCiToken(somethingElse: 1)", "withQwietCiToken(somethingElse: 1) { echo 'in' }"})
    void anUnknownArgument(String script) throws Exception {
        jenkins.assertLogContains("oken has no argument \"somethingElse\". It takes credentialsId", refused(script));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "def block = { echo 'in' }; withQwietCiToken(block)",
                "def block = { echo 'in' }; withQwietCiToken(label: 'x', block)",
                "def qwietCiToken(Map how, Closure body) { body() }; qwietCiToken(label: 'x') { echo 'in' }",
                "class Other { def withQwietCiToken(Map how) { 'in' } }; echo new Other().withQwietCiToken(label: 'x')",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', variable: 'A')]) { qwietCiToken(); echo 'in' }"
            })
    void whatIsNoSlipWorks(String script) throws Exception {
        jenkins.assertLogContains("in", build(Result.SUCCESS, script));
    }
}
