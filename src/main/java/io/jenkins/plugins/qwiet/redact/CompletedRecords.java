package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.util.AtomicFileWriter;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.EndOfBuild;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * Hides tokens in what Pipeline wrote down of the end of a build. The error that ends a build is recorded when the
 * execution counts as complete already, and from then on Pipeline does not save what {@link PipelineRecords} puts in its place;
 * with the durability "performance optimized" nothing else is ever written. Comes before {@link EndOfBuild}, which
 * forgets what is to be hidden.
 */
@Extension(ordinal = 1)
public class CompletedRecords extends RunListener<Run<?, ?>> {
    private static final Logger LOGGER = Logger.getLogger(CompletedRecords.class.getName());

    @Override
    public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
        if (!(run instanceof FlowExecutionOwner.Executable)
                || BuildTokens.of(run).isEmpty()) {
            return;
        }
        Mask mask = BuildMask.of(run).mask();
        if (mask.isEmpty()) {
            return;
        }
        try {
            for (Path file : records(run.getRootDir().toPath())) {
                hide(file, mask);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the records of " + run);
        }
    }

    /** In {@code workflow} or, with other durabilities, {@code workflow-completed}. */
    private static Iterable<Path> records(Path build) throws IOException {
        try (Stream<Path> files = Files.find(
                build,
                2,
                (file, is) -> is.isRegularFile()
                        && file.getFileName().toString().endsWith(".xml")
                        && build.relativize(file).toString().startsWith("workflow"))) {
            return files.toList();
        }
    }

    private static void hide(Path file, Mask mask) throws IOException {
        String recorded = Files.readString(file);
        if (!mask.reveals(recorded)) {
            return;
        }
        try (var writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
            try {
                writer.write(mask.hide(recorded));
                writer.commit();
            } finally {
                // Leaves no temporary file behind if that failed.
                writer.abort();
            }
        }
    }
}
