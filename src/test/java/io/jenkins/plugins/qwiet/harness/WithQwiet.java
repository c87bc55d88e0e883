package io.jenkins.plugins.qwiet.harness;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Hold;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.jvnet.hudson.test.JenkinsRule;

/** Tests on a Jenkins that they share, and that knows a new stand-in for Qwiet in each of them. */
@SharedJenkins
public abstract class WithQwiet {
    protected static JenkinsRule jenkins;
    private static int names;

    protected FakeQwiet qwiet;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        jenkins = rule;
    }

    @BeforeEach
    final void knowQwiet() throws Exception {
        qwiet = FakeQwiet.start();
        QwietAccount.set(qwiet);
    }

    @AfterEach
    final void forgetQwiet() {
        qwiet.close();
    }

    /** A mint that arrives though nobody waits for it any more. */
    protected final void arrives(Hold hold) {
        long before = qwiet.organization().minted();
        hold.release();
        await().until(() -> qwiet.organization().minted() > before);
    }

    /** For a job, or a pause: one that no other test uses. */
    protected static String newName() {
        return "name-" + ++names;
    }
}
