package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Hides tokens in the files that plugins keep beside {@code build.xml}: what tests printed in {@code junitResult.xml}, variables in
 * {@code injectedEnvVars.txt}. Not in archived files, which are what the build made.
 */
final class PluginFiles {
    private static final Logger LOGGER = Logger.getLogger(PluginFiles.class.getName());

    /** In bytes. A larger one is read by nobody as a whole, and no more by this. */
    private static final long LARGEST = 64 << 20;

    /** As files were when they were last looked at. */
    private static final Map<Run<?, ?>, Map<Path, State>> LOOKED_AT = Collections.synchronizedMap(new WeakHashMap<>());

    /** EnvInject writes it whenever {@code build.xml} is written, in the same thread. */
    private static final String INJECTED_VARIABLES = "injectedEnvVars.txt";

    private record State(FileTime modified, long size) {
        static State of(Path file) throws IOException {
            var now = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(now.lastModifiedTime(), now.size());
        }
    }

    private PluginFiles() {}

    /**
     * For a build that runs, in those files that are never half there: Jenkins writes XML into a file of another name first.
     *
     * @return the names of those in which there was something to hide
     */
    @NonNull
    static List<String> hideInWhole(@NonNull Run<?, ?> run, @NonNull Mask mask) {
        return hide(run, mask, name -> name.endsWith(".xml") || name.equals(INJECTED_VARIABLES));
    }

    /** For one that is complete: whoever writes a file of it still gives it its name when it is whole. As {@link #hideInWhole}. */
    @NonNull
    static List<String> hideInAll(@NonNull Run<?, ?> run, @NonNull Mask mask) {
        return hide(run, mask, name -> true);
    }

    private static List<String> hide(Run<?, ?> run, Mask mask, Predicate<String> which) {
        List<String> found = new ArrayList<>();
        var lookedAt = LOOKED_AT.computeIfAbsent(run, r -> new ConcurrentHashMap<>());
        try (Stream<Path> files = Files.list(run.getRootDir().toPath())) {
            // Not what a link leads to.
            for (Path file : (Iterable<Path>)
                    files.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))::iterator) {
                String name = String.valueOf(file.getFileName());
                if (which.test(name) && !isJenkinsOwn(name) && hideOrSay(file, mask, lookedAt)) {
                    found.add(name);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the files of " + run);
        }
        return found;
    }

    /** One that cannot be read or replaced stops no other. */
    private static boolean hideOrSay(Path file, Mask mask, Map<Path, State> lookedAt) {
        try {
            return !isHalfWritten(file) && hide(file, mask, lookedAt);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in " + file);
            return false;
        }
    }

    /** What others look after. */
    private static boolean isJenkinsOwn(String name) {
        return name.equals("build.xml")
                || name.equals("program.dat")
                || name.equals("log")
                || name.startsWith("log-index");
    }

    /**
     * What Jenkins writes before it gives it its name ({@code AtomicFileWriter}); then it is looked at. Not what a process
     * before this one left.
     */
    private static boolean isHalfWritten(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        return name.contains("-atomic")
                && name.endsWith("tmp")
                && Files.getLastModifiedTime(file).toMillis()
                        >= ManagementFactory.getRuntimeMXBean().getStartTime();
    }

    private static boolean hide(Path file, Mask mask, Map<Path, State> lookedAt) throws IOException {
        State now = State.of(file);
        if (now.equals(lookedAt.get(file))) {
            return false;
        }
        if (now.size() > LARGEST) {
            LOGGER.log(Level.WARNING, "{0} is too large to look for tokens in it", file);
        }
        boolean hidden = now.size() <= LARGEST && MaskedFiles.hide(file, mask);
        lookedAt.put(file, hidden ? State.of(file) : now);
        return hidden;
    }
}
