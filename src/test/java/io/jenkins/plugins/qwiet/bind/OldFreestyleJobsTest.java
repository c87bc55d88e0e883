package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hudson.Functions;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterValue;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.slaves.EnvironmentVariablesNodeProperty.Entry;
import io.jenkins.plugins.qwiet.harness.Commands;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.TextsOnDisk;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;

/** Parameterized freestyle jobs that are older than Pipeline, as Job DSL makes them. */
class OldFreestyleJobsTest extends OnJenkins {
    private static final String SCAN = """
            freeStyleJob('THE-JOB') {
                parameters {
                    stringParam('BRANCH', 'feature/a "b" $HOME')
                    choiceParam('ACCOUNT', ['', 'qwiet'])
                    stringParam('SHIFTLEFT_ORG_ID', '', 'from before the plugin')
                }
                steps {
                    qwietTokenBuilder { label('scan of ${BRANCH}'); credentialsId('${ACCOUNT}'); validFor(300) }
                    shell('sl analyze --app first')
                    qwietTokenBuilder { label('${JOB_NAME} ${BUILD_DISPLAY_NAME}'); validFor(300) }
                    shell('sl analyze --app second')
                    shell('if [ "$BRANCH" = hangs ]; then sleep 600; fi')
                }
                publishers { qwietTokenAudit { leftByBuild('FAIL'); ownTokenLive('FAIL') } }
            }
            """;

    @TempDir
    private static Path commands;

    @BeforeAll
    static void putAStandInForQwietsCommandLineOnThePath() throws Exception {
        assumeFalse(Functions.isWindows(), "the jobs use sh");
        Commands.put(
                commands,
                "sl",
                "#!/bin/sh\nset +x\necho \"sl: $SHIFTLEFT_ACCESS_TOKEN\" | sed 's/\\(.\\)/\\1 /g' >> sl.txt\n"
                        + "echo \"sl: scans in $SHIFTLEFT_ORG_ID ($*)\"\n");
        jenkins.jenkins
                .getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(new Entry("PATH+SL", commands.toString())));
    }

    @BeforeEach
    void nameTheAccount() throws Exception {
        QwietAccount.add(jenkins.jenkins, "qwiet", qwiet.organization().serviceAccount());
    }

    private static FreeStyleProject made(String script) throws Exception {
        String name = newName();
        var step = new ExecuteDslScripts();
        step.setUseScriptText(true);
        step.setScriptText(script.replace("THE-JOB", name));
        FreeStyleProject seed = jenkins.createFreeStyleProject(newName());
        seed.getBuildersList().add(step);
        jenkins.buildAndAssertSuccess(seed);
        return jenkins.jenkins.getItemByFullName(name, FreeStyleProject.class);
    }

    private static FreeStyleBuild build(Result expected, FreeStyleProject job, StringParameterValue... values)
            throws Exception {
        return jenkins.assertBuildStatus(expected, job.scheduleBuild2(0, with(job, values)));
    }

    /** As the form does: these, and what the job has for the others. */
    private static ParametersAction with(FreeStyleProject job, StringParameterValue... values) {
        Map<String, ParameterValue> all = new LinkedHashMap<>();
        job.getProperty(ParametersDefinitionProperty.class)
                .getParameterDefinitions()
                .forEach(each -> all.put(each.getName(), each.getDefaultParameterValue()));
        List.of(values).forEach(each -> all.put(each.getName(), each));
        return new ParametersAction(List.copyOf(all.values()));
    }

    /** What the stand-in was given, each time that it ran. */
    private static List<String> given(FreeStyleBuild run) throws Exception {
        return run.getWorkspace()
                .child("sl.txt")
                .readToString()
                .lines()
                .map(line -> line.replace(" ", "").substring("sl:".length()))
                .toList();
    }

    @Test
    void theSecondTokenTakesThePlaceOfTheFirst() throws Exception {
        FreeStyleProject job = made(SCAN);

        FreeStyleBuild run = build(Result.SUCCESS, job);

        String first = "scan of feature/a \"b\" $HOME";
        String second = job.getName() + " #1";
        assertThat(given(run)).containsExactly(valueOf(first.replace("\"", "\\\"")), valueOf(second));
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("created CI token \"" + first + "\"", "created CI token \"" + second + "\"");
        assertThat(log.split("revoked CI token", -1)).hasSize(3);
        assertThat(TextsOnDisk.below(run.getRootDir().toPath()).values()).noneMatch(text -> text.contains("eyJ"));
    }

    @Test
    void theAccountIsTheOneThatWasChosen() throws Exception {
        FreeStyleProject job = made(SCAN);
        String other = qwiet.organization().serviceAccount();
        QwietAccount.add(jenkins.jenkins, "qwiet", other);

        build(Result.SUCCESS, job, new StringParameterValue("ACCOUNT", "qwiet"));

        assertThat(qwiet.requests().stream()
                        .filter(request -> request.method().equals("POST"))
                        .map(request -> request.body().contains("scan of") ? "chosen" : "global"))
                .containsExactly("chosen", "global");
    }

    /** Parameters go over what a build step gives ({@code AbstractBuild.getEnvironment}). */
    @Test
    void aParameterFromBeforeThePluginSendsNobodyElsewhereWithoutAWord() throws Exception {
        FreeStyleProject job = made(SCAN);
        String elsewhere = "00000000-0000-0000-0000-000000000000";

        FreeStyleBuild run = build(Result.SUCCESS, job, new StringParameterValue("SHIFTLEFT_ORG_ID", elsewhere));

        String log = JenkinsRule.getLog(run);
        String ours = qwiet.organization().id();
        assertThat(log).contains("sl: scans in " + ours).doesNotContain("sl: scans in " + elsewhere);
    }

    @Test
    void theAuditAfterAnAbortedBuildStillRuns() throws Exception {
        FreeStyleProject job = made(SCAN);
        var scheduled = job.scheduleBuild2(0, with(job, new StringParameterValue("BRANCH", "hangs")));
        FreeStyleBuild run = scheduled.waitForStart();
        jenkins.waitForMessage("+ sleep 600", run);

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, scheduled.get(1, TimeUnit.MINUTES));
        String log = JenkinsRule.getLog(run);
        assertThat(log.split("revoked CI token", -1)).hasSize(3);
        assertThat(log).contains("Qwiet tokens of this build:").doesNotContain("STILL ACTIVE");
    }

    /** Credentials Binding does not unbind what it had bound when the next one fails. */
    @Test
    void aBindingBesideOneThatFailsIsRevokedAtTheEnd() throws Exception {
        FreeStyleProject job = made("""
                freeStyleJob('THE-JOB') {
                    wrappers {
                        credentialsBinding {
                            qwietAccessToken { credentialsId('qwiet'); label('bound ${BUILD_TAG}') }
                            string('OTHER', 'no-such-secret')
                        }
                    }
                    steps { shell('echo never') }
                }
                """);

        FreeStyleBuild run = jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));

        String log = JenkinsRule.getLog(run);
        assertThat(log)
                .contains("no-such-secret", "created CI token \"bound jenkins-")
                .doesNotContain("+ echo never");
        assertThat(log).contains("revoked CI token");
    }
}
