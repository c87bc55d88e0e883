package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A copy of a token in its own variable is renewed with it, also when what it is a copy of is long dead and forgotten. */
class CopiesOfTokensTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeClock clock = new FakeClock(Instant.now());
    private final FakeQwiet qwiet = FakeQwiet.start(clock);

    @AfterEach
    void close() {
        qwiet.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'held', validFor: 60) { BODY }",
                "qwietCiToken(label: 'held', validFor: 60)\nBODY"
            })
    void isRenewedWhenTheFirstIsForgotten(String form) throws Throwable {
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            QwietAccount.set(qwiet);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            job.setDefinition(new CpsFlowDefinition(form.replace("BODY", """
                    withEnv(["SHIFTLEFT_ACCESS_TOKEN=${env.SHIFTLEFT_ACCESS_TOKEN}"]) {
                      semaphore 'pause'
                      node {
                        sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                        archiveArtifacts 'seen'
                      }
                      semaphore 'again'
                      node {
                        sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > later'
                        archiveArtifacts 'later'
                      }
                    }
                    """), true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("pause/1", run);
            for (int number = 2; number <= 4; number++) {
                renew(run, number);
            }
            SemaphoreStep.success("pause/1", null);
            SemaphoreStep.waitForStart("again/1", run);
            assertThat(seen(run, "seen")).isEqualTo(newest());
        });
        session.then(jenkins -> {
            JenkinsLeases.get().setTime(clock);
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
            renew(run, 5);
            renew(run, 6);
            SemaphoreStep.success("again/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(JenkinsRule.getLog(run)).doesNotContain("sets SHIFTLEFT_ACCESS_TOKEN itself");
            assertThat(seen(run, "later")).isEqualTo(valueOfNumber(6));
        });
    }

    private void renew(WorkflowRun run, int number) {
        clock.advance(Duration.ofSeconds(41));
        await().until(() -> {
            Renewals.get().tick();
            return BuildTokens.of(run).stream()
                    .flatMap(tokens -> tokens.getTokens().stream())
                    .anyMatch(token -> token.isCurrent() && token.number() == number);
        });
        await().until(() -> {
            Renewals.get().tick();
            return BuildTokens.of(run).orElseThrow().getTokens().size() <= 3;
        });
    }

    private String newest() {
        List<FakeToken> live = qwiet.organization().liveTokens();
        return live.get(live.size() - 1).value();
    }

    private String valueOfNumber(int number) {
        return qwiet.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .map(request -> request.answer().replaceFirst("(?s).*\"value\":\"([^\"]*)\".*", "$1"))
                .skip(number - 1)
                .findFirst()
                .orElseThrow();
    }

    private static String seen(WorkflowRun run, String name) throws Exception {
        return OnJenkins.archived(run, name);
    }

    @Test
    void ofVeryManyThoseAreKeptThatAreAskedFor() {
        TokenLine line =
                TokenLine.alone("nonce", Instant.EPOCH).knowing("copied").knowing("not copied");
        for (int i = 0; i < 3 * TokenLine.MOST_VALUES; i++) {
            line = line.knowing("mark " + i);
            if (line.isAmongTheOld("copied")) {
                line = line.knowing("copied");
            }
        }
        assertThat(line.values())
                .hasSize(TokenLine.MOST_VALUES)
                .contains("copied")
                .doesNotContain("not copied");
        assertThat(IntStream.range(0, 10).mapToObj(i -> "mark " + i)).noneMatch(line.values()::contains);
    }
}
