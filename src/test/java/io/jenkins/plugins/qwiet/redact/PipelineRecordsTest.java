package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.Pages;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DurabilityHintJobProperty;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Pipeline writes down, and what Jenkins shows of it, has no token in it. */
class PipelineRecordsTest extends OnJenkins {
    /** Uses the token outside of any block, where Pipeline asks nobody what may be written down. */
    private static final String IN_MANY_WAYS = """
            qwietCiToken(label: 'recorded')
            echo "argument: ${env.SHIFTLEFT_ACCESS_TOKEN}"
            echo "signature: ${env.SHIFTLEFT_ACCESS_TOKEN.substring(env.SHIFTLEFT_ACCESS_TOKEN.lastIndexOf('.') + 1)}"
            try { error "caught: ${env.SHIFTLEFT_ACCESS_TOKEN}" } catch (e) { echo "it was: ${e.message}" }
            catchError(buildResult: 'SUCCESS') { error "swallowed: ${env.SHIFTLEFT_ACCESS_TOKEN}" }
            try { step([$class: 'ArtifactArchiver', artifacts: "a, ${env.SHIFTLEFT_ACCESS_TOKEN}"]) } catch (e) { echo 'no node' }
            withEnv(["COPY=${env.SHIFTLEFT_ACCESS_TOKEN}"]) { echo "copy: ${env.COPY}" }
            withQwietCiToken(label: 'inner', variable: 'INNER') { echo "inner: ${env.INNER}" }
            unstable "first: ${env.SHIFTLEFT_ACCESS_TOKEN}"
            unstable "second: ${env.SHIFTLEFT_ACCESS_TOKEN}"
            stage("stage ${env.SHIFTLEFT_ACCESS_TOKEN}") { unstable "third: ${env.SHIFTLEFT_ACCESS_TOKEN}" }
            stage("other ${env.SHIFTLEFT_ACCESS_TOKEN}") { catchError(message: "caught ${env.SHIFTLEFT_ACCESS_TOKEN}") { error 'in it' } }
            warnError("warned: ${env.SHIFTLEFT_ACCESS_TOKEN}") { error "in it: ${env.SHIFTLEFT_ACCESS_TOKEN}" }
            parallel "branch ${env.SHIFTLEFT_ACCESS_TOKEN}": { echo 'in a branch' }, other: { unstable "of a branch: ${env.SHIFTLEFT_ACCESS_TOKEN}" }
            currentBuild.displayName = "name ${env.SHIFTLEFT_ACCESS_TOKEN}"
            currentBuild.description = "description ${env.SHIFTLEFT_ACCESS_TOKEN}"
            def variable = env.SHIFTLEFT_ACCESS_TOKEN
            def many = [variable, [text: "in a map: ${variable}".toString()]]
            env.COPY = env.SHIFTLEFT_ACCESS_TOKEN
            env.HEADER = "Bearer ${env.COPY}"
            env.AGAIN = env.SHIFTLEFT_ACCESS_TOKEN
            env.AGAIN = 'something else'
            withEnv(['X=1']) { env.WITHIN = env.COPY; echo "within: ${env.WITHIN == env.SHIFTLEFT_ACCESS_TOKEN} ${env.AGAIN}" }
            echo "copied: ${env.COPY} ${env.COPY == env.SHIFTLEFT_ACCESS_TOKEN} ${env.HEADER.length() > 100}"
            semaphore 'PAUSE'
            throw new Exception("thrown: ${env.SHIFTLEFT_ACCESS_TOKEN}")
            """;

    @ParameterizedTest
    @EnumSource
    void noFileHasAToken(FlowDurabilityHint durability) throws Exception {
        String pause = newName();
        WorkflowJob job = job(IN_MANY_WAYS.replace(
                "semaphore 'PAUSE'", "semaphore '" + pause + "'; echo \"still: ${many[1].text}\""));
        job.addProperty(new DurabilityHintJobProperty(durability));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);

        assertNoFileHasAToken(run);
        if (durability.isPersistWithEveryStep()) {
            assertThat(run.getRootDir().toPath().resolve("program.dat")).isNotEmptyFile();
        }

        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
        assertNoFileHasAToken(run);
        jenkins.assertLogContains("still: in a map: ****", run);
        jenkins.assertLogContains("copied: **** true true", run);
        jenkins.assertLogContains("within: true something else", run);
        for (String word :
                new String[] {"argument", "signature", "it was: caught", "copy", "copied", "inner", "thrown"}) {
            jenkins.assertLogContains(word + ": ****", run);
        }
    }

    /** It is recorded when the step has begun, and no other node comes until the process ends. */
    @ParameterizedTest
    @ValueSource(strings = {"qwietCiToken(label: 'labelled')\nBODY", "withQwietCiToken(label: 'labelled') {\nBODY}"})
    void theLabelOfAProcessThatRuns(String form) throws Exception {
        Path up = Files.createTempDirectory("qwiet").resolve("up");
        WorkflowRun run = job(form.replace("BODY", """
                        def signature = env.SHIFTLEFT_ACCESS_TOKEN.tokenize('.').last()
                        node { sh(label: "scan with ${signature}", script: 'touch UP; while [ -e UP ]; do sleep 0.1; done') }
                        """.replace("UP", up.toString())))
                .scheduleBuild2(0)
                .waitForStart();
        await().until(() -> Files.exists(up));
        String signature = signature(valueOf("labelled"));

        await().untilAsserted(() -> {
            assertThat(run.getExecution()
                            .getCurrentHeads()
                            .get(0)
                            .getAction(LabelAction.class)
                            .getDisplayName())
                    .startsWith("scan with ****");
            assertNotOnDisk(run, signature);
        });
        assertThat(Pages.of(jenkins, run, pagesOf(run)).values())
                .isNotEmpty()
                .noneMatch(page -> page.contains(signature));

        Files.delete(up);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertNotOnDisk(run, signature);
    }

    /** It is written with the record of the error, though nothing prints it. */
    @Test
    void whatAnExceptionKeepsBesideItsMessage() throws Exception {
        String pause = newName();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition("""
                qwietCiToken(label: 'kept')
                catchError(buildResult: 'SUCCESS') {
                  throw new MissingResourceException('not there', 'x', env.SHIFTLEFT_ACCESS_TOKEN)
                }
                echo 'next'
                semaphore 'PAUSE'
                """.replace("PAUSE", pause), false));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        assertNotOnDisk(run, signature(valueOf("kept")));
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("not there", run);
    }

    /** As a block step of a plugin does from a thread of its own, while its body runs. */
    @Test
    void whatIsAddedToABlockWhileItsBodyRuns() throws Exception {
        Paused build = paused("qwietCiToken(label: 'block'); timeout(5) { semaphore 'PAUSE' }");
        String value = token("block").value();
        FlowNode block = build.run()
                .getExecution()
                .getCurrentHeads()
                .get(0)
                .getEnclosingBlocks()
                .get(1);

        block.addAction(new LabelAction("with " + value));

        await().untilAsserted(() -> assertThat(block.getDisplayName()).contains("****"));
        assertNotOnDisk(build.run(), signature(value));
        build.goOn(Result.SUCCESS);
    }

    private void assertNoFileHasAToken(WorkflowRun run) {
        for (String label : new String[] {"recorded", "inner"}) {
            // What Jenkins writes without asking anybody is hidden a moment later.
            assertNotOnDisk(run, signature(valueOf(label)));
        }
    }

    @Test
    void noPageAndNoRestAnswerHasAToken() throws Exception {
        Paused build = paused(IN_MANY_WAYS);
        String value = token("recorded").value();

        assertShownNowhere(value, Pages.of(jenkins, build.run(), pagesOf(build.run())));
        WorkflowRun run = build.goOn(Result.FAILURE);

        assertShownNowhere(value, Pages.of(jenkins, run, pagesOf(run)));
    }

    private static void assertShownNowhere(String value, Map<String, String> pages) {
        assertThat(pages)
                .hasSizeGreaterThan(20)
                .allSatisfy((path, page) ->
                        assertThat(page).as(path).doesNotContain(value).doesNotContain(signature(value)));
    }

    private static String[] pagesOf(WorkflowRun run) {
        var pages = new ArrayList<String>();
        pages.add("flowGraphTable/");
        pages.add("replay/");
        pages.add("execution/api/json?depth=5");
        for (FlowNode node : new DepthFirstScanner().allNodes(run.getExecution())) {
            pages.add("execution/node/" + node.getId() + "/");
            pages.add("execution/node/" + node.getId() + "/api/json?depth=3");
            pages.add("execution/node/" + node.getId() + "/log/");
        }
        return pages.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env.SHIFTLEFT_ACCESS_TOKEN.bytes",
                "env.SHIFTLEFT_ACCESS_TOKEN.toCharArray()",
                "new StringBuilder(env.SHIFTLEFT_ACCESS_TOKEN)",
                "new StringBuffer().append('user:').append(env.SHIFTLEFT_ACCESS_TOKEN)",
                "[(env.SHIFTLEFT_ACCESS_TOKEN): 1]",
            })
    void noProgramHasAToken(String expression) throws Exception {
        Paused build = paused("qwietCiToken(label: 'kept'); def kept = " + expression
                + "; semaphore 'PAUSE'; echo \"then ${kept.getClass()}\"");
        String signature = signature(token("kept").value());

        Path program = build.run().getRootDir().toPath().resolve("program.dat");
        await().untilAsserted(() -> assertThat(program).isNotEmptyFile());
        String bytes = Files.readString(program, StandardCharsets.ISO_8859_1);

        for (Charset charset :
                List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            assertThat(bytes).doesNotContain(new String(signature.getBytes(charset), StandardCharsets.ISO_8859_1));
        }
        build.goOn(Result.SUCCESS);
    }

    @Test
    void aReplayedBuildMintsItsOwn() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, "qwietCiToken(label: \"of ${env.BUILD_NUMBER}\")");

        var replay = run.getAction(ReplayAction.class);
        replay.run2(replay.getOriginalScript(), replay.getOriginalLoadedScripts());
        jenkins.waitUntilNoActivity();

        WorkflowRun second = run.getParent().getBuildByNumber(2);
        jenkins.assertBuildStatusSuccess(second);
        assertThat(BuildTokens.of(second).orElseThrow().getTokens())
                .extracting(TokenRecord::label)
                .containsExactly("of 2");
        assertThat(valueOf("of 1")).isNotEqualTo(valueOf("of 2"));
    }
}
