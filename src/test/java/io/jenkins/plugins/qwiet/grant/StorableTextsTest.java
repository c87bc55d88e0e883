package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Texts that XML cannot hold, in what a build and a job keep. */
class StorableTextsTest extends OnJenkins {
    /** Half a smile, and two characters that are none. */
    private static final String ODD = "a\ud83db\ufffec\u0001d";

    private static TokenRecord reloaded(Run<?, ?> run) throws Exception {
        run.save();
        run.reload();
        return BuildTokens.of(run).orElseThrow().getTokens().get(0);
    }

    @Test
    void aPipelineKeepsTheRecordOfOddTexts() throws Exception {
        var run = build(
                Result.SUCCESS,
                "def odd = 'a' + (char) 0xd83d + 'b' + (char) 0xfffe + 'c'\n"
                        + "qwietCiToken(label: odd, description: odd)\n"
                        + "withQwietCiToken(label: odd, description: odd, variable: 'OTHER') { echo 'in it' }");

        assertThat(reloaded(run).label()).isEqualTo("a\ufffdb\ufffdc");
        assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                .hasSize(2)
                .allSatisfy(token -> assertThat(token.revokedAt()).isNotNull());
    }

    @Test
    void aFreestyleBuildAndItsJobDo() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        var step = new QwietTokenBuilder(ODD);
        step.setDescription(ODD);
        job.getBuildersList().add(step);
        job.save();

        Run<?, ?> run = jenkins.assertBuildStatusSuccess(job.scheduleBuild2(0));

        assertThat(reloaded(run).label()).isEqualTo("a\ufffdb\ufffdc\ufffdd");
        job.doReload();
        assertThat(job.getBuildersList().get(QwietTokenBuilder.class).getDescription())
                .isEqualTo("a\ufffdb\ufffdc\ufffdd");
    }

    @Test
    void whatQwietSaysIsKept() throws Exception {
        qwiet.faultAlways(Fault.status(Operation.DELETE, 403, "FOR\ufffeBIDDEN", "not \ufffe\u0001 you"));
        tokensMayStay = true;

        var run = build(Result.SUCCESS, "qwietCiToken(label: 'x')");

        assertThat(reloaded(run).problem()).contains("not ").contains(" you").doesNotContain("\ufffe");
        assertThat(JenkinsRule.getLog(run)).doesNotContain("\ufffe");
    }

    @Test
    void aRefusalInOddWordsFailsTheBuildAlone() throws Exception {
        qwiet.faultAlways(Fault.status(Operation.CREATE, 400, "B\uffffAD", "no \ufffe label"));

        var run = build(Result.FAILURE, "qwietCiToken(label: 'x')");
        run.save();
        run.reload();

        jenkins.assertLogContains("no \ufffd label", run);
        assertThat(run.getResult()).isEqualTo(Result.FAILURE);
    }
}
