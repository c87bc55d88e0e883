package io.jenkins.plugins.qwiet.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.Functions;
import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.slaves.EnvironmentVariablesNodeProperty.Entry;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.SecretSource;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.harness.Commands;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lint.Document;
import io.jenkins.plugins.qwiet.lint.Example;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvnet.hudson.test.SingleFileSCM;
import org.jvnet.hudson.test.TestExtension;

/**
 * Does what README and pages say, word for word: each example in Groovy or YAML, whichever dialect it is written in, in both.
 */
class DocumentsTest extends WithQwiet {
    private static final String SERVICE_ACCOUNT = "eyJ-of-the-documents-and-long-enough";

    private static int jobs;

    @TempDir
    private static Path commands;

    /** What the example of settings leaves to the environment. */
    @TestExtension
    public static class OfTheReader extends SecretSource {
        @Override
        public Optional<String> reveal(String name) {
            return name.equals("QWIET_SERVICE_ACCOUNT") ? Optional.of(SERVICE_ACCOUNT) : Optional.empty();
        }
    }

    @BeforeAll
    static void putAStandInForQwietsCommandLineOnThePath() throws Exception {
        assumeFalse(Functions.isWindows(), "the examples use sh");
        Commands.put(commands, "sl", """
                #!/bin/sh
                test -n "${SHIFTLEFT_ACCESS_TOKEN:-$TOKEN}" || { echo 'sl has no token'; exit 1; }
                echo "sl was run for $SHIFTLEFT_ORG_ID: $*"
                echo "sl has the token ${SHIFTLEFT_ACCESS_TOKEN:-$TOKEN}"
                """);
        jenkins.jenkins
                .getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(new Entry("PATH+SL", commands.toString())));
    }

    @BeforeEach
    void nameTheAccountAsTheDocumentsDo() throws Exception {
        QwietAccount.add(jenkins.jenkins, "qwiet", qwiet.organization().serviceAccount());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pipelines")
    void runsEachPipeline(String where, String pipeline) throws Exception {
        runs(pipeline);
    }

    static Stream<Arguments> pipelines() {
        return Document.run("groovy")
                .filter(example -> !isJobDsl(example))
                .flatMap(example -> inBothDialects(example.toString(), example.text()));
    }

    private static Stream<Arguments> inBothDialects(String where, String example) {
        return Dialects.of(example).stream()
                .map(pipeline -> Arguments.of(
                        where + (pipeline.startsWith("pipeline") ? ", Declarative" : ", Scripted"), pipeline));
    }

    private static boolean isJobDsl(Example example) {
        return example.text().startsWith("pipelineJob(") || isOfFolder(example);
    }

    private static boolean isOfFolder(Example example) {
        return example.text().startsWith("folder(");
    }

    @Test
    void runsEachJobThatJobDslMakes() throws Exception {
        seed(jobDsl());
        // Each is a job that somebody can open and save.
        for (String job : List.of("shop-pipeline", "shop-freestyle", "shop-bound")) {
            jenkins.configRoundtrip(jenkins.jenkins.getItemByFullName(job));
        }

        runs(job("shop-pipeline"), 1);
        Run<?, ?> freestyle = runs(job("shop-freestyle"), 2);
        runs(job("shop-bound"), 3);

        jenkins.assertLogContains("created CI token \"scan of shop-freestyle\"", freestyle);
        jenkins.assertLogContains("Qwiet tokens of this build:", freestyle);
    }

    @Test
    void jobDslMayLeaveBlankWhatItHasToName() throws Exception {
        seed(jobDsl().replace("Job('shop-", "Job('blank-")
                .replace("label('scan of ${JOB_NAME}')", "label(null)")
                .replace("credentialsId('qwiet')", "credentialsId(null)"));

        Run<?, ?> freestyle = runs(job("blank-freestyle"), 1);
        runs(job("blank-bound"), 2);

        jenkins.assertLogContains("created CI token \"blank-freestyle #1\"", freestyle);
    }

    @Test
    void aPipelineInTheFolderThatJobDslMakesNeedsNoArgument() throws Exception {
        List<Example> examples =
                Document.run("groovy").filter(DocumentsTest::isOfFolder).toList();
        assertThat(examples).hasSize(1);
        seed(examples.get(0).text());
        Folder team = jenkins.jenkins.getItemByFullName("team", Folder.class);
        WorkflowJob job = team.createProject(WorkflowJob.class, "scan");
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken { }", true));

        jenkins.buildAndAssertSuccess(job);

        assertThat(qwiet.requests())
                .anySatisfy(request -> assertThat(request.body()).contains(":900"));
    }

    private static String jobDsl() {
        List<Example> examples = Document.run("groovy")
                .filter(example -> isJobDsl(example) && !isOfFolder(example))
                .toList();
        assertThat(examples).hasSize(1);
        return examples.get(0).text();
    }

    private static void seed(String script) throws Exception {
        var step = new ExecuteDslScripts();
        step.setUseScriptText(true);
        step.setScriptText(script);
        FreeStyleProject seed = jenkins.createFreeStyleProject("seed-" + ++jobs);
        seed.getBuildersList().add(step);
        jenkins.buildAndAssertSuccess(seed);
    }

    private static Job<?, ?> job(String name) {
        return jenkins.jenkins.getItemByFullName(name, Job.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void runsEachFormOfTheTable(String where, String pipeline) throws Exception {
        runs(pipeline);
    }

    static Stream<Arguments> forms() {
        return Document.readme().table("Which form?").stream()
                .map(row -> row.get(0))
                .filter(cell -> cell.startsWith("`"))
                .map(cell -> cell.replace("`", "").replace("…", "sh 'sl analyze --app shop'"))
                .flatMap(form -> inBothDialects(form, form));
    }

    private void runs(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "document-" + ++jobs);
        job.setDefinition(new CpsScmFlowDefinition(
                new SingleFileSCM("Jenkinsfile", script.getBytes(StandardCharsets.UTF_8)), "Jenkinsfile"));

        runs(job, 1);
    }

    /**
     * Builds a job as its first and only build.
     *
     * @param minted how many tokens there have been after it
     */
    private Run<?, ?> runs(Job<?, ?> job, int minted) throws Exception {
        Run<?, ?> run = jenkins.assertBuildStatus(Result.SUCCESS, (Run<?, ?>)
                ParameterizedJobMixIn.scheduleBuild2(job, 0).getFuture().get());

        jenkins.assertLogContains("sl was run for " + qwiet.organization().id() + ": analyze --app shop", run);
        jenkins.assertLogContains("sl has the token ****", run);
        jenkins.assertLogContains("Qwiet: created CI token", run);
        jenkins.assertLogContains("Qwiet: revoked CI token", run);
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
        assertThat(qwiet.organization().minted()).isEqualTo(minted);
        return run;
    }

    @Test
    void appliesTheSettingsAndTheRestAreDefaultsIndeed() throws Exception {
        List<Example> examples = Document.run("yaml").toList();
        assertThat(examples).hasSize(1);
        Path yaml = Files.writeString(
                commands.resolve("jenkins.yaml"), examples.get(0).text());

        ConfigurationAsCode.get().configure(yaml.toString());

        var settings = QwietConfiguration.get();
        var fresh = new QwietConfiguration() {
            @Override
            public synchronized void load() {}
        };
        assertThat(settings.getOrgId()).isEqualTo("5f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f");
        assertThat(settings.getCredentialsId()).isEqualTo("qwiet");
        fresh.setOrgId(settings.getOrgId());
        fresh.setCredentialsId("qwiet");
        assertThat(settings.settings()).isEqualTo(fresh.settings());
        assertThat(CredentialsProvider.lookupCredentialsInItemGroup(
                        QwietServiceAccount.class, jenkins.jenkins, null, List.of()))
                .filteredOn(account -> account.getId().equals("qwiet"))
                .singleElement()
                .satisfies(account -> {
                    assertThat(account.getToken().getPlainText()).isEqualTo(SERVICE_ACCOUNT);
                    assertThat(account.getDescription()).isEqualTo("Qwiet service account");
                });
    }
}
