package io.jenkins.plugins.qwiet.harness;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
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

    /** For a job, or a pause: one that no other test uses. */
    protected static String newName() {
        return "name-" + ++names;
    }
}
