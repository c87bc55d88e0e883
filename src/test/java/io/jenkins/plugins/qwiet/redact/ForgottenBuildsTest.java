package io.jenkins.plugins.qwiet.redact;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.triggers.SCMTrigger;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.MemoryAssert;

/** Builds that have no token at all; when Jenkins lets go of one, so does this plugin. */
class ForgottenBuildsTest extends OnJenkins {
    @ParameterizedTest
    @ValueSource(strings = {"a person", "a clock", "a remote call", "a change in SCM"})
    void aBuildThatIsOverIsNotKeptInMemory(String why) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        WeakReference<Run<?, ?>> run = built(job, why);
        jenkins.waitUntilNoActivity();
        // Jenkins itself lets go of it: what left the queue lately, and the builds of the job.
        Field left = Queue.class.getDeclaredField("leftItems");
        left.setAccessible(true);
        ((com.google.common.cache.Cache<?, ?>) left.get(jenkins.jenkins.getQueue())).invalidateAll();
        job.getLazyBuildMixIn().getRunMap().purgeCache();

        MemoryAssert.assertGC(run, true);
    }

    private static WeakReference<Run<?, ?>> built(FreeStyleProject job, String why) throws Exception {
        Cause cause =
                switch (why) {
                    case "a person" -> new Cause.UserIdCause();
                    case "a clock" -> new TimerTrigger.TimerTriggerCause();
                    case "a remote call" -> new Cause.RemoteCause("there", "now");
                    default -> new SCMTrigger.SCMTriggerCause("Changes found");
                };
        return new WeakReference<>(jenkins.assertBuildStatusSuccess(job.scheduleBuild2(0, new CauseAction(cause))));
    }
}
