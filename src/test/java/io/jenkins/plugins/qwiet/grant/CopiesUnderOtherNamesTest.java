package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.EnvironmentContributingAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.InvisibleAction;
import hudson.model.Result;
import hudson.model.Run;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;

/** A tool may want the token in a variable of its own: what a script copied there is renewed with the token. */
class CopiesUnderOtherNamesTest extends OnOneClock {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withEnv([\"SL_TOKEN=${env.SHIFTLEFT_ACCESS_TOKEN}\"]) { BODY }",
                "env.SL_TOKEN = env.SHIFTLEFT_ACCESS_TOKEN; BODY"
            })
    void areRenewedToo(String form) throws Exception {
        Paused build =
                paused("withQwietCiToken(label: 'held', validFor: 60) { node { " + form.replace("BODY", """
                semaphore 'PAUSE'
                sh 'set +x; [ "$SL_TOKEN" = "$SHIFTLEFT_ACCESS_TOKEN" ] && echo "one of ${#SL_TOKEN} characters"'
                """) + " } }");
        int length = token("held").value().length();
        renewThrice();

        WorkflowRun run = build.goOn(Result.SUCCESS);

        jenkins.assertLogContains("one of " + length + " characters", run);
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    private void renewThrice() {
        for (int number = 2; number <= 4; number++) {
            pass(Duration.ofSeconds(41));
            int renewed = number;
            await().until(() -> qwiet.organization().minted() == renewed);
            passEachSecond(2);
        }
    }

    private List<String> living() {
        return qwiet.organization().liveTokens().stream().map(FakeToken::value).toList();
    }

    private static String seen(WorkflowRun run, String name) throws IOException {
        return archived(run, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withEnv([\"AUTH=Bearer ${env.SHIFTLEFT_ACCESS_TOKEN}\"]) { BODY }",
                "withEnv([\"AUTH=https://ci:${env.SHIFTLEFT_ACCESS_TOKEN}@example.org\"]) { BODY }",
                "withEnv([\"AUTH=-p${env.SHIFTLEFT_ACCESS_TOKEN}\"]) { BODY }",
                "env.AUTH = \"--token=${env.SHIFTLEFT_ACCESS_TOKEN}\"; BODY",
                "withEnv([\"AUTH=ci-${env.SHIFTLEFT_ACCESS_TOKEN}-x\"]) { BODY }",
                "withEnv([\"AUTH=It is ${env.SHIFTLEFT_ACCESS_TOKEN}.\"]) { BODY }",
                "withEnv([\"AUTH=https://${env.SHIFTLEFT_ACCESS_TOKEN}.example.org\"]) { BODY }",
                "withEnv([\"AUTH=T_${env.SHIFTLEFT_ACCESS_TOKEN} and ${env.SHIFTLEFT_ACCESS_TOKEN}\"]) { BODY }"
            })
    void areRenewedInsideOfALongerText(String form) throws Exception {
        Paused build =
                paused("withQwietCiToken(label: 'held', validFor: 60) { node { " + form.replace("BODY", """
                semaphore 'PAUSE'
                sh 'set +x; printf %s "$AUTH" > seen'
                archiveArtifacts 'seen'
                """) + " } }");
        String first = token("held").value();
        renewThrice();
        List<String> living = living();

        String seen = seen(build.goOn(Result.SUCCESS), "seen");

        assertThat(seen).doesNotContain(first);
        assertThat(living).anyMatch(seen::contains);
    }

    /** For a header of a step that takes no variable. */
    @Test
    void whatTheScriptSetIsRenewedForGroovyToo() throws Exception {
        Paused build = paused("""
                withQwietCiToken(label: 'held', validFor: 60) { node {
                  env.SL_TOKEN = env.SHIFTLEFT_ACCESS_TOKEN
                  semaphore 'PAUSE'
                  writeFile file: 'groovy', text: env.SL_TOKEN
                  archiveArtifacts 'groovy'
                } }
                """);
        String first = token("held").value();
        renewThrice();
        List<String> living = living();

        assertThat(seen(build.goOn(Result.SUCCESS), "groovy"))
                .isNotEqualTo(first)
                .isIn(living);
    }

    @Test
    void areRenewedInAFreestyleBuild() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var rest = new QwietTokenBuilder("held");
        rest.setValidFor(60);
        job.getBuildersList()
                .addAll(List.of(
                        rest,
                        new TestBuilder() {
                            @Override
                            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                                    throws InterruptedException, IOException {
                                build.addAction(
                                        new Copy(build.getEnvironment(listener).get("SHIFTLEFT_ACCESS_TOKEN")));
                                return true;
                            }
                        },
                        new Shell("touch began; while [ ! -e go ]; do sleep 0.1; done"),
                        new Shell("set +x; printf %s \"$SL_TOKEN\" > seen")));
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        await().until(() -> build.getWorkspace() != null
                && build.getWorkspace().child("began").exists());
        renewThrice();
        List<String> living = living();
        build.getWorkspace().child("go").touch(0);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));

        assertThat(build.getWorkspace().child("seen").readToString()).isIn(living);
    }

    /** As EnvInject does. */
    private static final class Copy extends InvisibleAction implements EnvironmentContributingAction {
        private final transient String copy;

        Copy(String copy) {
            this.copy = copy;
        }

        @Override
        public void buildEnvironment(Run<?, ?> run, EnvVars env) {
            env.put("SL_TOKEN", copy);
        }
    }

    /** A template that is called twice. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withEnv([\"SL_TOKEN=${env.SHIFTLEFT_ACCESS_TOKEN}\"]) { BODY }",
                "env.SL_TOKEN = env.SHIFTLEFT_ACCESS_TOKEN; BODY"
            })
    void areOfTheTokenThatTookThePlaceOfTheirs(String form) throws Exception {
        Paused build = paused("node { qwietCiToken(label: 'one'); " + form.replace("BODY", """
                qwietCiToken(label: 'two')
                semaphore 'PAUSE'
                sh 'set +x; printf %s "$SL_TOKEN" > seen'
                archiveArtifacts 'seen'
                """) + " }");
        String second = token("two").value();

        assertThat(seen(build.goOn(Result.SUCCESS), "seen")).isEqualTo(second);
    }

    /** Set before qwietCiToken: it yields (rule 3), also when the token it is a copy of is renewed. */
    @Test
    void whatTheScriptSetBeforeYieldsAlsoWhenItsCopyIsRenewed() throws Exception {
        Paused build = paused("""
                withQwietCiToken(label: 'held', variable: 'OTHER_TOKEN', validFor: 60) { node {
                  qwietCiToken(label: 'early', validFor: 3600)
                  env.SHIFTLEFT_ACCESS_TOKEN = env.OTHER_TOKEN
                  qwietCiToken(label: 'rest', validFor: 3600)
                  semaphore 'PAUSE'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen1'
                  env.ANYTHING = 'else'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                  archiveArtifacts 'seen*'
                } }
                """);
        String rest = token("rest").value();
        for (int number = 1; number <= 3; number++) {
            long minted = qwiet.organization().minted();
            pass(Duration.ofSeconds(41));
            await().until(() -> qwiet.organization().minted() > minted);
            passEachSecond(2);
        }
        WorkflowRun run = build.goOn(Result.SUCCESS);

        assertThat(seen(run, "seen1")).isEqualTo(rest);
        assertThat(seen(run, "seen")).as(JenkinsRule.getLog(run)).isEqualTo(rest);
    }
}
