package io.jenkins.plugins.qwiet.harness;

import io.jenkins.plugins.qwiet.redact.ForgottenMasks;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Starts Jenkins again and again in one process; a later one does not hide a token because the one before knew it. */
public class JenkinsSessions extends JenkinsSessionExtension {
    @Override
    public void then(Step step) throws Throwable {
        SharedJenkinsExtension.end();
        CachingJenkins.useForViews();
        try {
            super.then(step);
        } finally {
            ForgottenMasks.forgetAll();
        }
    }
}
