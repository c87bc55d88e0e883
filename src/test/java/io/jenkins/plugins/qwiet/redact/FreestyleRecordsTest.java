package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.InvisibleAction;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestBuilder;

/** What a freestyle build writes down has no token in it, also when the token outlives the build by an outage of Qwiet. */
class FreestyleRecordsTest extends OnJenkins {
    /** As a badge, a summary, what a report keeps of a build. */
    public static class Note extends InvisibleAction {
        public final String text;

        public Note(String text) {
            this.text = text;
        }
    }

    @Test
    void whatIsWrittenAfterTheEndHasNoTokenThatLives() throws Exception {
        tokensMayStay = true;
        qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("outage"));
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener log)
                    throws IOException, InterruptedException {
                build.addAction(
                        new Note("curl -H Bearer " + build.getEnvironment(log).get("SHIFTLEFT_ACCESS_TOKEN")));
                build.save();
                return true;
            }
        });

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        assertThat(qwiet.organization().isLive(valueOf("outage"))).isTrue();
        assertThat(build.getAction(Note.class)).isNotNull();
        assertNotOnDisk(build, signature(valueOf("outage")));
        build.save();
        assertNotOnDisk(build, signature(valueOf("outage")));
    }
}
