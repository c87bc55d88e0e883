package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.InvisibleAction;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A plugin keeps a token with a build: hidden on disk, and the log says that REST shows what is in memory. */
class ShownWithBuildsTest extends OnJenkins {
    @TempDir
    private Path elsewhere;

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
    void whatATestPrintedIsHiddenInTheFileOfItsResults() throws Exception {
        Paused build = paused("""
                qwietCiToken(label: 'junit', variable: 'T')
                node {
                  writeFile file: 'TEST-a.xml', text: \"""
                    <testsuite name='a' tests='1'><testcase classname='a.B' name='c'>
                      <system-out>Authorization: Bearer ${env.T}</system-out></testcase></testsuite>\"""
                  junit 'TEST-a.xml'
                }
                echo 'recorded'
                semaphore 'PAUSE'
                """);
        String value = token("junit").value();

        assertNotOnDisk(build.run(), signature(value));
        assertThat(Files.readString(build.run().getRootDir().toPath().resolve("junitResult.xml")))
                .contains("Authorization: Bearer ****");
        jenkins.waitForMessage(Messages.ShownWithBuilds_shown("junitResult.xml"), build.run());

        build.goOn(Result.SUCCESS);
        assertThat(filesContaining(build.run(), signature(value))).isEmpty();
        assertThat(JenkinsRule.getLog(build.run())).containsOnlyOnce(Messages.ShownWithBuilds_shown("junitResult.xml"));
    }

    /** As EnvInject writes one, in its own time and not at once. */
    @Test
    void whatAPluginWroteAsTextIsHiddenWhenTheBuildIsComplete() throws Exception {
        Paused build = paused("qwietCiToken(label: 'text'); semaphore 'PAUSE'");
        String value = token("text").value();
        Path written = build.run().getRootDir().toPath().resolve("variables.txt");
        Path other = build.run().getRootDir().toPath().resolve("picture.bin");
        byte[] noText = {(byte) 0xAC, (byte) 0xED, 0, 5};
        Files.writeString(written, "COPY=" + value + "\n");
        Files.write(other, noText);

        build.goOn(Result.SUCCESS);

        assertNotOnDisk(build.run(), signature(value));
        assertThat(Files.readString(written)).matches("COPY=[*]+\n");
        assertThat(other).hasBinaryContent(noText);
    }

    @Test
    void aLinkAndWhoMayReadAFileStayAsTheyAre() throws Exception {
        Paused build = paused("qwietCiToken(label: 'files'); semaphore 'PAUSE'");
        String value = token("files").value();
        Path folder = build.run().getRootDir().toPath();
        for (String name : List.of("a.txt", "m.txt", "z.txt")) {
            Files.writeString(folder.resolve(name), value);
        }
        Path ours = folder.resolve("ours.txt");
        Files.writeString(ours, value);
        Files.setPosixFilePermissions(ours, PosixFilePermissions.fromString("rw-------"));
        Path outside = Files.writeString(elsewhere.resolve("outside.txt"), value);
        Files.createSymbolicLink(folder.resolve("link.txt"), outside);
        Files.createSymbolicLink(folder.resolve("b.txt"), elsewhere.resolve("nowhere.txt"));

        build.goOn(Result.SUCCESS);

        await().untilAsserted(() -> {
            for (String name : List.of("a.txt", "m.txt", "z.txt", "ours.txt")) {
                assertThat(Files.readString(folder.resolve(name))).matches("[*]+");
            }
        });
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ours)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("link.txt")).isSymbolicLink();
        assertThat(outside).hasContent(value);
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
