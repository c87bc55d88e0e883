package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.InvisibleAction;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A plugin keeps a token with a build: hidden on disk, and the log says that REST shows what is in memory. */
class ShownWithBuildsTest extends OnJenkins {
    /** As a badge, a summary, the addresses that the Git plugin keeps of a checkout. */
    @ExportedBean
    public static class Badge extends InvisibleAction {
        private final String text;

        public Badge(String text) {
            this.text = text;
        }

        @Exported
        public String getText() {
            return text;
        }
    }

    @Test
    void theLogSaysSoOnce() throws Exception {
        Paused build = paused("qwietCiToken(label: 'badge'); semaphore 'PAUSE'");
        String value = token("badge").value();

        build.run().addAction(new Badge("https://user:" + value + "@git.example/x.git"));
        build.run().save();
        build.run().save();

        assertNotOnDisk(build.run(), signature(value));
        String said = Messages.ShownWithBuilds_shown("Badge");
        jenkins.waitForMessage(said, build.run());
        build.goOn(Result.SUCCESS);
        assertThat(JenkinsRule.getLog(build.run())).containsOnlyOnce(said).doesNotContain(value);
    }

    @Test
    void itSaysNothingOfOthers() throws Exception {
        Paused build =
                paused("withQwietCiToken(label: 'other') { env.COPY = env.SHIFTLEFT_ACCESS_TOKEN; semaphore 'PAUSE' }");
        build.run().setDescription("it is " + token("other").value());
        build.run().addAction(new Badge("https://git.example/x.git"));
        build.run().save();

        build.goOn(Result.SUCCESS);

        jenkins.assertLogNotContains("keeps with this build", build.run());
    }
}
