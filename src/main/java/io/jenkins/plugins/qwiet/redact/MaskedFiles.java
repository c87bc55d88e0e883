package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.model.listeners.SaveableListener;
import hudson.util.AtomicFileWriter;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** Hides tokens in files of a build that Jenkins wrote, under another name first, and asked no extension about. */
final class MaskedFiles {
    private static final Logger LOGGER = Logger.getLogger(MaskedFiles.class.getName());

    /**
     * What was to be hidden when a build was complete. Jenkins and Pipeline write its files once more after that, and so does
     * who has something to add to it later: what is in memory still has the text.
     */
    private static final Map<Run<?, ?>, Mask> LAST = Collections.synchronizedMap(new WeakHashMap<>());

    private static final List<String> WRITTEN_AFTER_THE_END =
            List.of("build.xml", "workflow/flowNodeStore.xml", "workflow-completed/flowNodeStore.xml");

    private MaskedFiles() {}

    /** Whether there was something to hide. What is no token stays byte by byte, whatever its charset; what is no text stays whole. */
    static boolean hide(Path file, Mask mask) throws IOException {
        String recorded = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (!mask.reveals(recorded) || recorded.indexOf('\0') >= 0) {
            return false;
        }
        try (var writer = new AtomicFileWriter(file, StandardCharsets.ISO_8859_1)) {
            try {
                writer.write(mask.hide(recorded));
                permissions(file).ifPresent(those -> setPermissions(writer.getTemporaryPath(), those));
                writer.commit();
            } finally {
                // Leaves no temporary file behind if that failed.
                writer.abort();
            }
        }
        return true;
    }

    private static Optional<Set<PosixFilePermission>> permissions(Path file) throws IOException {
        var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null
                ? Optional.empty()
                : Optional.of(view.readAttributes().permissions());
    }

    private static void setPermissions(Path file, Set<PosixFilePermission> permissions) {
        try {
            Files.setPosixFilePermissions(file, permissions);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot set the permissions of " + file);
        }
    }

    /** In what is written after the end of a build: all but the single nodes of Pipeline's graph. */
    private static void hideAgain(Run<?, ?> run, Mask mask) {
        PluginFiles.hide(run, mask);
        Path build = run.getRootDir().toPath();
        try {
            for (String written : WRITTEN_AFTER_THE_END) {
                if (Files.exists(build.resolve(written))) {
                    hide(build.resolve(written), mask);
                }
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

    /**
     * Hides tokens in {@code build.xml}, whenever it was written: in the build's name and description, its parameters, its
     * variables, what plugins add; and in what they write beside it. What is in memory stays as it is, or a build could not go on
     * with it; but a name and a description, which people see, are changed there too.
     */
    @Extension
    public static class OfRunning extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (!(saved instanceof Run<?, ?> run)) {
                return;
            }
            Mask last = LAST.get(run);
            if (last != null) {
                hideAgain(run, last);
                return;
            }
            Mask mask = BuildMask.of(run).mask();
            if (mask.isEmpty()) {
                return;
            }
            try {
                if (MaskedFiles.hide(file.getFile().toPath(), mask)) {
                    ShownWithBuilds.look(run, mask);
                }
                PluginFiles.hide(run, mask).forEach(name -> ShownWithBuilds.say(run, name));
                String name = run.hasCustomDisplayName() ? run.getDisplayName() : "";
                if (mask.reveals(name)) {
                    run.setDisplayName(mask.hide(name));
                }
                String description = run.getDescription();
                if (description != null && mask.reveals(description)) {
                    run.setDescription(mask.hide(description));
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in " + file);
            }
        }
    }

    /**
     * Hides tokens in the records of a build that is complete. The error that ends a build is recorded when the execution
     * already counts as complete, and from then on Pipeline does not save what replaces a record; with the durability
     * "performance optimized" nothing else is ever written. Must come before the listener that forgets what is to be hidden
     * ({@code grant.EndOfBuild}, which has 1000), hence the ordinal.
     */
    @Extension(ordinal = Double.POSITIVE_INFINITY)
    public static class OfCompleted extends RunListener<Run<?, ?>> {
        @Override
        public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
            Mask mask = BuildMask.of(run).mask();
            if (mask.isEmpty()) {
                return;
            }
            LAST.put(run, mask);
            PluginFiles.hide(run, mask).forEach(name -> ShownWithBuilds.say(run, name));
            if (!(run instanceof FlowExecutionOwner.Executable)) {
                return;
            }
            try {
                for (Path file : records(run.getRootDir().toPath())) {
                    MaskedFiles.hide(file, mask);
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the records of " + run);
            }
        }

        /** Jenkins has written the build once more, with what was copied to its variables; so has Pipeline its graph. */
        @Override
        public void onFinalized(Run<?, ?> run) {
            Mask mask = LAST.get(run);
            if (mask != null) {
                hideAgain(run, mask);
            }
        }
    }
}
