package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** An expired token never wins over a valid one: for steps, for Groovy, and in freestyle. */
class LivingTokensWinTest extends OnOneClock {
    private static String seen(WorkflowRun run, String name) throws Exception {
        return archived(run, name);
    }

    @Test
    void groovySeesTheLivingTokenAsStepsDo() throws Exception {
        Paused build = paused("""
                withQwietCiToken(label: 'outer', validFor: 3600) {
                  withQwietCiToken(label: 'inner', validFor: 60, renew: false) {
                    semaphore 'PAUSE'
                    node {
                      sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                      writeFile file: 'groovy', text: env.SHIFTLEFT_ACCESS_TOKEN
                      archiveArtifacts 'seen, groovy'
                    }
                  }
                }
                """);
        pass(Duration.ofSeconds(90));
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(seen(run, "seen")).isEqualTo(valueOf("outer"));
        assertThat(seen(run, "groovy")).isEqualTo(valueOf("outer"));
    }

    @Test
    void aStepThatGetsTheTokenOfAnotherOrganizationIsToldOnce() throws Exception {
        FakeOrganization other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
        Paused build = paused("""
                withQwietCiToken(label: 'outer', validFor: 3600) {
                  withQwietCiToken(label: 'inner', validFor: 60, renew: false, credentialsId: 'other', orgId: 'OTHER') {
                    semaphore 'PAUSE'
                    node {
                      sh 'set +x; printf "%s %s" "$SHIFTLEFT_ACCESS_TOKEN" "$SHIFTLEFT_ORG_ID" > seen'
                      archiveArtifacts 'seen'
                    }
                    echo 'the steps are over'
                  }
                }
                """.replace("OTHER", other.id()));
        pass(Duration.ofSeconds(90));
        WorkflowRun run = build.goOn(Result.SUCCESS);

        assertThat(seen(run, "seen"))
                .isEqualTo(valueOf("outer") + " " + qwiet.organization().id());
        assertThat(JenkinsRule.getLog(run).split("the steps are over")[0].lines())
                .filteredOn(line -> line.contains("Qwiet: CI token \"inner\"") && line.contains("has expired, so"))
                .singleElement()
                .asString()
                .contains("of organization " + other.id() + " has expired")
                .contains("CI token \"outer\"")
                .contains("of organization " + qwiet.organization().id());
    }

    private FreeStyleBuild freestyle(boolean restDies) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var binding = new QwietAccessTokenBinding("sa");
        binding.setLabel("bound");
        binding.setValidFor(restDies ? 3600 : 60);
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));
        var rest = new QwietTokenBuilder("rest");
        rest.setValidFor(restDies ? 60 : 3600);
        rest.setRenew(false);
        job.getBuildersList().add(rest);
        job.getBuildersList().add(new Shell("touch began; while [ ! -e go ]; do sleep 0.1; done"));
        job.getBuildersList().add(new Shell("set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" > seen"));
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        await().until(() -> build.getWorkspace() != null
                && build.getWorkspace().child("began").exists());
        pass(Duration.ofSeconds(90));
        build.getWorkspace().child("go").touch(0);
        return jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
    }

    @Test
    void anExpiredTokenWinsOverNoBindingThatIsValid() throws Exception {
        FreeStyleBuild build = freestyle(true);
        assertThat(build.getWorkspace().child("seen").readToString()).isEqualTo(valueOf("bound"));
    }

    @Test
    void anExpiredBindingWinsOverNoTokenThatIsValid() throws Exception {
        FreeStyleBuild build = freestyle(false);
        assertThat(build.getWorkspace().child("seen").readToString()).isEqualTo(valueOf("rest"));
    }

    /** Not even when the valid one is renewed. */
    @Test
    void anExpiredTokenTakesNoPlaceOfAValidOne() throws Exception {
        Paused build = paused("""
                node {
                  parallel two: { qwietCiToken(label: 'two', validFor: 600); env.SECOND = 'yes'; waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SHORT == 'yes' } },
                  one: { waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }; qwietCiToken(label: 'short', validFor: 60, renew: false); env.SHORT = 'yes' }
                  semaphore 'PAUSE'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen1'
                  semaphore 'PAUSE'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen2'
                  archiveArtifacts 'seen*'
                }
                """);
        pass(Duration.ofSeconds(90));
        SemaphoreStep.success(build.pause() + "/1", null);
        SemaphoreStep.waitForStart(build.pause() + "/2", build.run());
        pass(Duration.ofSeconds(350));
        passEachSecond(3);
        List<String> living =
                qwiet.organization().liveTokens().stream().map(FakeToken::value).toList();
        SemaphoreStep.success(build.pause() + "/2", null);
        WorkflowRun run = jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build.run()));
        assertThat(seen(run, "seen1")).isEqualTo(valueOf("two"));
        assertThat(seen(run, "seen2")).isIn(living);
    }

    /** Nor takes an audit the valid one away. */
    @Test
    void anAuditLeavesWhatStandsInForAnExpiredToken() throws Exception {
        Paused build = paused("""
                node {
                  parallel two: { qwietCiToken(label: 'two', validFor: 3600); env.SECOND = 'yes'; waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SHORT == 'yes' } },
                  one: {
                    waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                    qwietCiToken(label: 'short', validFor: 60, renew: false)
                    env.SHORT = 'yes'
                    semaphore 'PAUSE'
                    qwietTokenAudit()
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                    archiveArtifacts 'seen'
                  }
                }
                """);
        pass(Duration.ofSeconds(90));
        assertThat(seen(build.goOn(Result.SUCCESS), "seen")).isEqualTo(valueOf("two"));
    }
}
