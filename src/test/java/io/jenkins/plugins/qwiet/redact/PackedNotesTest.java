package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Launcher;
import hudson.console.ExpandableDetailsNote;
import hudson.console.HyperlinkNote;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;

/** Links in a log, whose addresses only Jenkins can read. */
class PackedNotesTest extends OnJenkins {
    private static final String TOKEN =
            "eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiJxd2lldCJ9.c2lnbmF0dXJlLW9mLWEtdG9rZW4tb2YtcXdpZXQ";

    private static String page(hudson.model.Run<?, ?> run) throws Exception {
        return jenkins.createWebClient()
                .getPage(run, "consoleFull")
                .getWebResponse()
                .getContentAsString();
    }

    @Test
    void aLinkOfAPipelineDoesNotShowAToken() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        // Trusted, as a library is.
        job.setDefinition(new CpsFlowDefinition("""
                qwietCiToken(label: 'link')
                echo 'see ' + hudson.console.HyperlinkNote.encodeTo("https://app.example/?t=${env.SHIFTLEFT_ACCESS_TOKEN}", 'report')
                echo 'and ' + hudson.console.HyperlinkNote.encodeTo('https://app.example/plain', 'another')
                """, false));

        WorkflowRun run = jenkins.buildAndAssertSuccess(job);

        assertThat(page(run))
                .contains("see report", "https://app.example/plain")
                .doesNotContain("app.example/?t=", valueOf("link"));
    }

    @Test
    void noMoreDoesOneOfAFreestyleBuild() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("link"));
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener log)
                    throws IOException, InterruptedException {
                String token = build.getEnvironment(log).get("SHIFTLEFT_ACCESS_TOKEN");
                log.hyperlink("https://app.example/?t=" + token, "report");
                log.hyperlink("https://app.example/plain", "another");
                log.getLogger().println();
                return true;
            }
        });

        FreeStyleBuild run = jenkins.buildAndAssertSuccess(job);

        assertThat(page(run))
                .contains("report", "https://app.example/plain")
                .doesNotContain("app.example/?t=", valueOf("link"));
        assertThat(JenkinsRule.getLog(run)).contains("report");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
    void nothingElseIsChangedHoweverItIsWritten(int piece) throws Exception {
        String bad = HyperlinkNote.encodeTo("https://app.example/?t=" + TOKEN, "report");
        String good = HyperlinkNote.encodeTo("https://app.example/plain", "another");
        String text = "\u001b[31mred\u001b[0m \u001b[8mha:not a note\n\u001b\u001b" + bad + "|" + good + "\u001b[8mh";
        var written = new ByteArrayOutputStream();
        Mask mask = Mask.of(List.of(SecretText.of(TOKEN)), StandardCharsets.UTF_8);

        try (var out = new PackedNotes(written, () -> mask)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; at += piece) {
                out.write(bytes, at, Math.min(piece, bytes.length - at));
            }
        }

        assertThat(written).hasToString(text.replace(bad, "report"));
    }

    /** One that was cut off, as {@code head -c} and {@code cut} do, stands before it on the same line. */
    @Test
    void aLinkBehindTheBeginningOfAnotherShowsNoToken() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition("""
                qwietCiToken(label: 'cut')
                def plain = hudson.console.HyperlinkNote.encodeTo('https://app.example/plain', 'x')
                echo plain.substring(0, 60) + ' see ' + hudson.console.HyperlinkNote.encodeTo("https://app.example/?t=${env.SHIFTLEFT_ACCESS_TOKEN}", 'report')
                """, false));
        WorkflowRun run = jenkins.buildAndAssertSuccess(job);
        assertThat(jenkins.createWebClient()
                        .getPage(run, "consoleFull")
                        .getWebResponse()
                        .getContentAsString())
                .contains("report")
                .doesNotContain("app.example/?t=", valueOf("cut"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20, 10_000})
    void eachBeginningOfANoteIsOne(int piece) throws Exception {
        String bad = HyperlinkNote.encodeTo("https://app.example/?t=" + TOKEN, "report");
        String good = HyperlinkNote.encodeTo("https://app.example/plain", "another");
        String text = good.substring(0, 40) + bad + good.substring(0, 9) + "\u001b[8m" + bad + good + "\u001b[8mha:"
                + good.substring(0, 60) + "\u001b" + bad + bad.substring(0, 30);
        var written = new ByteArrayOutputStream();
        Mask mask = Mask.of(List.of(SecretText.of(TOKEN)), StandardCharsets.UTF_8);

        try (var out = new PackedNotes(written, () -> mask)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; at += piece) {
                out.write(bytes, at, Math.min(piece, bytes.length - at));
            }
        }

        assertThat(written).hasToString(text.replace(bad, "report"));
    }

    /** What does not fit into memory cannot be looked into, and Jenkins shows a note of any length. */
    @ParameterizedTest
    @ValueSource(ints = {300_000, 10_000_000})
    void aNoteThatIsTooLongIsLeftOut(int length) throws Exception {
        String filling = "x".repeat(length);
        if (length < 1_000_000) {
            var random = new byte[length];
            new Random(1).nextBytes(random);
            filling = Base64.getEncoder().encodeToString(random);
        }
        String bad = new ExpandableDetailsNote("answer", filling + TOKEN).encode();
        String good = HyperlinkNote.encodeTo("https://app.example/plain", "another");
        String text = "a" + bad + "b" + bad.substring(0, bad.length() / 2) + good + "c\n" + good;
        var written = new ByteArrayOutputStream();
        Mask mask = Mask.of(List.of(SecretText.of(TOKEN)), StandardCharsets.UTF_8);

        try (var out = new PackedNotes(written, () -> mask)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(written.toString(StandardCharsets.UTF_8))
                .doesNotContain(bad)
                .startsWith("ab")
                .endsWith(good + "c\n" + good);

        var unmasked = new ByteArrayOutputStream();
        try (var out = new PackedNotes(unmasked, Mask::none)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(unmasked).hasToString(text);
    }
}
