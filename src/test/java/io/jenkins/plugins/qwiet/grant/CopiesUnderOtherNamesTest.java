package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        for (int number = 2; number <= 4; number++) {
            pass(Duration.ofSeconds(41));
            int renewed = number;
            await().until(() -> qwiet.organization().minted() == renewed);
            passEachSecond(2);
        }

        WorkflowRun run = build.goOn(Result.SUCCESS);

        jenkins.assertLogContains("one of " + length + " characters", run);
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }
}
