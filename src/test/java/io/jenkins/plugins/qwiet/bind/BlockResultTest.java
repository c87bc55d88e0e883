package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** What a block gives is its last value, whether or not anybody asked for it; blocks of Jenkins pass on any. */
class BlockResultTest extends OnJenkins {
    private static final String OURS = "withQwietCiToken";
    private static final String BINDING = "withCredentials([qwietAccessToken(credentialsId: 'sa')])";
    private static final String STRING = "withCredentials([string(credentialsId: 'text', variable: 'T')])";
    private static final String ENV = "withEnv(['A=b'])";

    @BeforeEach
    void text() throws Exception {
        var provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "text", "", Secret.fromString("some-text-here")));
        provider.save();
    }

    private static WorkflowRun run(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        // As a trusted library: the sandbox is not what this is about.
        job.setDefinition(new CpsFlowDefinition(script, false));
        return jenkins.waitForCompletion(job.scheduleBuild2(0).waitForStart());
    }

    /** The text of a report is matched in the last line of the block: nobody keeps the matcher. */
    @ParameterizedTest
    @ValueSource(strings = {ENV, STRING, BINDING, OURS})
    void mayBeAMatcher(String block) throws Exception {
        WorkflowRun run = run("def found = " + block + " { 'id: 17' =~ /id: (\\d+)/ }[0][1]\necho \"found ${found}\"");
        jenkins.assertBuildStatus(Result.SUCCESS, run);
        jenkins.assertLogContains("found 17", run);
    }

    @ParameterizedTest
    @ValueSource(strings = {ENV, STRING, BINDING, OURS})
    void mayBeParsedJson(String block) throws Exception {
        WorkflowRun run = run("def n = " + block
                + " { new groovy.json.JsonSlurper().parseText('{\"findings\": 3}') }.findings\necho \"found ${n}\"");
        jenkins.assertBuildStatus(Result.SUCCESS, run);
        jenkins.assertLogContains("found 3", run);
    }

    /** Nobody asks for it. */
    @ParameterizedTest
    @ValueSource(strings = {ENV, STRING, BINDING, OURS})
    void mayBeUnwanted(String block) throws Exception {
        WorkflowRun run = run(block + " { java.util.regex.Pattern.compile('a').matcher('a') }\necho 'goes on'");
        jenkins.assertBuildStatus(Result.SUCCESS, run);
        jenkins.assertLogContains("goes on", run);
    }

    @ParameterizedTest
    @ValueSource(strings = {ENV, STRING, BINDING, OURS})
    void anErrorKeepsItsWordsThoughItCannotBeStored(String block) throws Exception {
        WorkflowRun run = run("try { " + block + " { throw new groovy.lang.MissingMethodException('foo', String, "
                + "[java.util.regex.Pattern.compile('a').matcher('a')] as Object[]) } }"
                + " catch (MissingMethodException e) { echo \"caught it\" }");
        jenkins.assertBuildStatus(Result.SUCCESS, run);
        jenkins.assertLogContains("caught it", run);
    }

    @ParameterizedTest
    @ValueSource(strings = {ENV, STRING, BINDING, OURS})
    void mayBeNullOrABuild(String block) throws Exception {
        WorkflowRun run = run("def b = " + block + " { currentBuild.rawBuild.parent }.name\necho \"of ${b != null}\"");
        jenkins.assertBuildStatus(Result.SUCCESS, run);
        jenkins.assertLogContains("of true", run);
    }

    @ParameterizedTest
    @CsvSource({"PERFORMANCE_OPTIMIZED", "MAX_SURVIVABILITY"})
    void mayBeAMatcherWithAnyDurability(String durability) throws Exception {
        WorkflowRun run = run("properties([durabilityHint('" + durability + "')])\n"
                + "def found = withQwietCiToken { 'id: 17' =~ /id: (\\d+)/ }[0][1]\necho \"found ${found}\"");
        assertThat(JenkinsRule.getLog(run)).contains("found 17");
    }
}
