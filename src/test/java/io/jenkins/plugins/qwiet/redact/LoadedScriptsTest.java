package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.Pages;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Pipeline keeps the text of each script that it runs, and shows it on the page <i>Replay</i>. */
class LoadedScriptsTest extends OnJenkins {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evaluate(\"echo 'length ' + 'Bearer ${env.T}'.length()\")",
                "node { writeFile file: 's', text: \"echo 'length ' + 'Bearer ${env.T}'.length()\"; load 's' }",
                "evaluate('1'); evaluate(\"echo 'length ' + 'Bearer ${env.T}'.length()\"); evaluate('2')",
            })
    void noPageOrFileShowsATokenInOne(String script) throws Exception {
        Paused build = paused("qwietCiToken(label: 'page', variable: 'T')\n" + script + "\nsemaphore 'PAUSE'");
        String value = token("page").value();

        Map<String, String> pages =
                Pages.of(jenkins, build.run(), "replay/", "threadDump/", "execution/api/json?depth=5");

        assertNotOnDisk(build.run(), signature(value));
        assertThat(pages.get("replay/")).contains("Bearer ****");
        assertThat(pages).allSatisfy((path, page) -> assertThat(page).as(path).doesNotContain(signature(value)));
        build.goOn(Result.SUCCESS);
        jenkins.assertLogContains("length " + ("Bearer " + value).length(), build.run());
        assertThat(JenkinsRule.getLog(build.run())).doesNotContain(signature(value));
    }
}
