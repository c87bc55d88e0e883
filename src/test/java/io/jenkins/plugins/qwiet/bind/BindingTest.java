package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.BindingStep;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** {@code withCredentials([qwietAccessToken(…)])}, and "Use secret text(s) or file(s)" of freestyle jobs. */
class BindingTest extends OnJenkins {
    /** Prints what credentials-binding does not know: the signature alone, and Base64 in lines. */
    private static final String PRINT_IN_WAYS_OF_OUR_OWN = """
            set +x
            echo "plain: $TOKEN"
            printf %s "$TOKEN" | cut -d. -f3 | sed 's/^/signature: /'
            printf %s "$TOKEN" | base64
            printf %s "user:$TOKEN" | base64
            printf %s "u:$TOKEN" | base64 -w0 | tr '+/' '-_'
            """;

    private static FreeStyleProject freestyle(QwietAccessTokenBinding binding) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject(newName());
        project.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));
        return project;
    }

    private static QwietAccessTokenBinding binding(String label) {
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel(label);
        binding.setVariable("TOKEN");
        return binding;
    }

    private void showsNothingOf(String label, String log) {
        String value = valueOf(label);
        assertThat(log)
                .contains("plain: ****", "signature: ****")
                .doesNotContain(value)
                .doesNotContain(signature(value));
        for (String before : List.of("", "user:", "u:")) {
            String encoded = base64(before + value);
            for (int at = 20; at + 20 < encoded.length(); at += 20) {
                assertThat(log).doesNotContain(encoded.substring(at, at + 20));
            }
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void bindsAMintedTokenAndNotTheServiceAccount() throws Exception {
        WorkflowRun run = build(Result.FAILURE, """
                node {
                  withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'bound', variable: 'TOKEN')]) {
                    sh 'set +x; test -n "$SHIFTLEFT_ORG_ID"; echo "plain: $TOKEN"'
                    error "failed with ${env.TOKEN}"
                  }
                }
                """);

        jenkins.assertLogContains("plain: ****", run);
        jenkins.assertLogContains("failed with ****", run);
        jenkins.assertLogContains("Qwiet: revoked CI token \"bound\"", run);
        jenkins.assertLogNotContains(qwiet.organization().serviceAccount(), run);
        assertNotOnDisk(run, valueOf("bound"));
    }

    @Test
    void hidesInAPipelineWhatCredentialsBindingDoesNotKnow() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'ways', variable: 'TOKEN')]) {
                    sh '''
                """ + PRINT_IN_WAYS_OF_OUR_OWN + """
                    '''
                  }
                }
                """);

        showsNothingOf("ways", JenkinsRule.getLog(run));
    }

    @Test
    void hidesInAFreestyleBuildWhatCredentialsBindingDoesNotKnow() throws Exception {
        FreeStyleProject project = freestyle(binding("wrapped"));
        project.getBuildersList().add(new Shell(PRINT_IN_WAYS_OF_OUR_OWN));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        showsNothingOf("wrapped", JenkinsRule.getLog(build));
        jenkins.assertLogContains("Qwiet: revoked CI token \"wrapped\"", build);
        assertThat(build.getSensitiveBuildVariables()).contains("TOKEN");
        assertNotOnDisk(build, valueOf("wrapped"));
    }

    @Test
    void expandsVariablesInAFreestyleJobOnly() throws Exception {
        var binding = binding("${JOB_BASE_NAME} no. ${BUILD_NUMBER}");
        binding.setDescription("by $BUILD_TAG");
        FreeStyleProject project = freestyle(binding);

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        jenkins.assertLogContains("created CI token \"" + project.getName() + " no. 1\"", build);
        assertThat(qwiet.requests())
                .anySatisfy(request -> assertThat(request.body()).contains("by jenkins-" + project.getName() + "-1"));
        jenkins.assertLogContains("created CI token \"${BUILD_NUMBER} $$\"", build(Result.SUCCESS, """
                        withCredentials([qwietAccessToken(credentialsId: 'sa', label: '${BUILD_NUMBER} $$')]) {
                          echo 'mine'
                        }
                        """));
    }

    @Test
    void hidesItBehindTheBlockAsLongAsItIsGood() throws Exception {
        qwiet.fault(Fault.status(Operation.DELETE, 500, "INTERNAL", "broken"));

        WorkflowRun run = build(Result.SUCCESS, """
                def copy
                withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'kept', variable: 'TOKEN')]) {
                  copy = env.TOKEN
                }
                echo "behind the block: ${copy}; the variable: ${env.TOKEN}"
                """);

        jenkins.assertLogContains("behind the block: ****; the variable: null", run);
        untilTheJanitorHasEndedTheRest();
    }

    @Test
    void namesTheGlobalAccountIfItIsGivenNone() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS, "withCredentials([qwietAccessToken()]) { echo \"it: ${env.SHIFTLEFT_ACCESS_TOKEN}\" }");

        jenkins.assertLogContains("it: ****", run);
    }

    @Test
    void failsInWords() throws Exception {
        qwiet.fault(Fault.status(Operation.CREATE, 403, "FORBIDDEN", "may not"));
        String script = "withCredentials([qwietAccessToken(credentialsId: '%s', label: 'x')]) { echo 'never' }";

        WorkflowRun refused = build(Result.FAILURE, String.format(script, "sa"));
        WorkflowRun unknown = build(Result.FAILURE, String.format(script, "other"));

        jenkins.assertLogContains("ERROR: Qwiet refused to create a CI token. HTTP 403 FORBIDDEN: may not.", refused);
        jenkins.assertLogContains("with the ID \"other\" that this job can use", unknown);
        jenkins.assertLogNotContains("at io.jenkins", refused);
        jenkins.assertLogNotContains("at io.jenkins", unknown);
    }

    @Test
    void abortingCancelsTheMint() throws Exception {
        Hold hold = qwiet.hold(Operation.CREATE);
        var run = job("withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'x')]) { echo 'never' }")
                .scheduleBuild2(0)
                .waitForStart();
        hold.awaitArrived(Duration.ofSeconds(30));

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        jenkins.assertLogNotContains("never", run);
        arrives(hold);
        untilTheJanitorHasEndedTheRest();
    }

    @Test
    void revokesWhenTheBlockIsAborted() throws Exception {
        Paused build =
                paused("withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'x')]) { semaphore 'PAUSE' }");

        build.run().doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build.run()));
        jenkins.assertLogContains("Qwiet: revoked", build.run());
    }

    @Test
    void leavesATokenToExpireIfTheAdministratorSaysSo() throws Exception {
        tokensMayStay = true;
        QwietConfiguration.get().setRevokeAtEnd(false);

        WorkflowRun run = build(Result.SUCCESS, """
                def copy
                withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'left')]) {
                  copy = env.SHIFTLEFT_ACCESS_TOKEN
                }
                echo "still good, so still hidden: ${copy}"
                """);

        jenkins.assertLogContains("is not revoked, because the global settings turn that off", run);
        jenkins.assertLogContains("still good, so still hidden: ****", run);
    }

    @Test
    void theSnippetGeneratorWritesIt() {
        assertThat(Snippetizer.object2Groovy(new BindingStep(List.of(binding("x")))))
                .isEqualTo("withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'x', variable: 'TOKEN')]) {\n"
                        + "    // some block\n}");
    }

    @Test
    void theFormKeepsEverything() throws Exception {
        QwietAccessTokenBinding before = binding("a label");
        before.setDescription("a description");
        before.setOrgId(qwiet.organization().id());
        before.setOrgVariable("ORG");
        before.setValidFor(120);
        FreeStyleProject project = freestyle(before);

        jenkins.configRoundtrip(project);

        assertThat(project.getBuildWrappersList().get(SecretBuildWrapper.class).getBindings())
                .singleElement()
                .satisfies(after -> jenkins.assertEqualDataBoundBeans(before, after));
    }
}
