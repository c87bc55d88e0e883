package io.jenkins.plugins.qwiet.bind;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a block gives is its last value, whether or not anybody asked for it; blocks of Jenkins pass on any. */
class BlockResultTest extends OnJenkins {
    /** Of this plugin, and of Jenkins. */
    private static final List<String> BLOCKS = List.of(
            "withQwietCiToken",
            "withCredentials([qwietAccessToken(credentialsId: 'sa')])",
            "withCredentials([string(credentialsId: 'text', variable: 'T')])",
            "withEnv(['A=b'])");

    /** What a block may end with; Pipeline is saved within it. */
    enum Ending {
        MATCHER("def found = BLOCK { node {}; 'id: 17' =~ /id: (\\d+)/ }[0][1]; echo \"found ${found}\"", "found 17"),
        MATCHER_WITHOUT_SAVES(
                "properties([durabilityHint('PERFORMANCE_OPTIMIZED')]); BLOCK { node {}; 'a' =~ /a/ }; echo 'on'",
                "on"),
        JSON(
                "def n = BLOCK { node {}; new groovy.json.JsonSlurper().parseText('{\"findings\": 3}') }.findings;"
                        + " echo \"found ${n}\"",
                "found 3"),
        UNWANTED("BLOCK { node {}; 'a' =~ /a/ }; echo 'goes on'", "goes on"),
        JOB("def b = BLOCK { node {}; currentBuild.rawBuild.parent }.name; echo \"of ${b != null}\"", "of true"),
        DEEP(
                "BLOCK { node {}; def list = []; for (int i = 0; i < 3000; i++) { list = [list] }; list }; echo 'on'",
                "on"),
        ERROR(
                "try { BLOCK { node {}; throw new MissingMethodException('foo', String, ['a' =~ /a/] as Object[]) } }"
                        + " catch (MissingMethodException e) { echo 'caught it' }",
                "caught it");

        private final String script;
        private final String printed;

        Ending(String script, String printed) {
            this.script = script;
            this.printed = printed;
        }
    }

    @BeforeEach
    void text() throws Exception {
        var provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "text", "", Secret.fromString("some-text-here")));
        provider.save();
    }

    static Stream<Arguments> all() {
        return BLOCKS.stream().flatMap(block -> Stream.of(Ending.values()).map(ending -> Arguments.of(block, ending)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void mayBeWhatCannotBeStored(String block, Ending ending) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        // As a trusted library: the sandbox is not what this is about.
        job.setDefinition(new CpsFlowDefinition(ending.script.replace("BLOCK", block), false));
        WorkflowRun run = jenkins.assertBuildStatus(Result.SUCCESS, job.scheduleBuild2(0));
        jenkins.assertLogContains(ending.printed, run);
    }
}
