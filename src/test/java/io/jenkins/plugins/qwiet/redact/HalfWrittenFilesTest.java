package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.util.AtomicFileWriter;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.TestExtension;

/** Another thread is writing a file of a build, as Jenkins does it, when the build is complete. */
class HalfWrittenFilesTest extends OnJenkins {
    @Test
    void aFileThatIsBeingWrittenStaysWhole() throws Exception {
        Paused build = paused("qwietCiToken(label: 'text'); semaphore 'PAUSE'");
        WorkflowRun run = build.run();
        String value = token("text").value();
        Path file = run.getRootDir().toPath().resolve("report.xml");
        try (var writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
            writer.write("<report><printed>" + value + "</printed>\n");
            writer.flush();

            PluginFiles.hide(run, BuildMask.of(run).mask());

            writer.write("<rest/></report>\n");
            writer.commit();
        }
        String written = Files.readString(file);
        build.goOn(Result.SUCCESS);
        assertThat(written).contains("<rest/></report>");
    }

    /** As a plugin does that streams into the build's directory, under the name that the file keeps. */
    @ParameterizedTest
    @ValueSource(strings = {"changes.xml", "report.txt", "report.json"})
    void aFileThatIsBeingStreamedStaysWhole(String name) throws Exception {
        Paused build = paused("qwietCiToken(label: 'text'); semaphore 'PAUSE'");
        WorkflowRun run = build.run();
        String value = token("text").value();
        Path file = run.getRootDir().toPath().resolve(name);
        try (var stream = Files.newOutputStream(file)) {
            stream.write(("one " + value + " two\n").getBytes(StandardCharsets.UTF_8));
            run.save();
            assertNotOnDisk(run, signature(value));
            stream.write(("three " + value.substring(0, 40)).getBytes(StandardCharsets.UTF_8));
            run.save();
            stream.write((value.substring(40) + " four\n").getBytes(StandardCharsets.UTF_8));
            build.goOn(Result.SUCCESS);
            stream.write("five\n".getBytes(StandardCharsets.UTF_8));
        }
        assertNotOnDisk(run, signature(value));
        assertThat(Files.readString(file)).matches("one [*]+ two\nthree [*]+ four\nfive\n");
    }

    @Test
    void aFileThatNobodyMayWriteIsHiddenToo() throws Exception {
        Paused build = paused("qwietCiToken(label: 'text'); semaphore 'PAUSE'");
        String value = token("text").value();
        Path file = build.run().getRootDir().toPath().resolve("report.txt");
        Files.writeString(file, "one " + value + " two\n");
        assertThat(file.toFile().setReadOnly()).isTrue();

        build.goOn(Result.SUCCESS);

        assertThat(Files.readString(file)).matches("one [*]+ two\n");
    }

    /** Nobody writes it any more. */
    @Test
    void whatAJenkinsThatWasKilledLeftIsHidden() throws Exception {
        Paused build = paused("qwietCiToken(label: 'text'); semaphore 'PAUSE'");
        String value = token("text").value();
        Path file = build.run().getRootDir().toPath().resolve("report.xml-atomic4711tmp");
        Files.writeString(file, "<report><printed>" + value + "</printed>");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

        build.goOn(Result.SUCCESS);

        assertThat(Files.readString(file)).matches("<report><printed>[*]+</printed>");
    }

    private static final AtomicBoolean armed = new AtomicBoolean();
    private static volatile AtomicFileWriter half;
    private static volatile String secret;

    /** The same by the listeners of a build's end: who writes has begun before, and goes on after. */
    @TestExtension("aFileThatIsBeingWrittenAtTheEndStaysWhole")
    public static class Writer extends RunListener<Run<?, ?>> {
        @Override
        public void onCompleted(Run<?, ?> run, TaskListener log) {
            // Comes last.
            if (armed.compareAndSet(true, false)) {
                try (var writer = half) {
                    writer.write("<rest/></report>\n");
                    writer.commit();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
    }

    @Test
    void aFileThatIsBeingWrittenAtTheEndStaysWhole() throws Exception {
        Paused build = paused("qwietCiToken(label: 'text'); semaphore 'PAUSE'");
        WorkflowRun run = build.run();
        secret = token("text").value();
        Path file = run.getRootDir().toPath().resolve("report.xml");
        half = new AtomicFileWriter(file, StandardCharsets.UTF_8);
        half.write("<report><printed>" + secret + "</printed>\n");
        half.flush();
        if (jenkins.jenkins.getExtensionList(RunListener.class).get(Writer.class) == null) {
            RunListener.all().add(new Writer());
        }
        armed.set(true);
        build.goOn(Result.SUCCESS);
        assertNotOnDisk(run, signature(secret));
        assertThat(Files.readString(file)).contains("<rest/></report>");
    }
}
