package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
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

    /** In bytes. A larger text may be growing, and would be read again whenever a running build is saved, by who saves it. */
    private static final long LARGEST_OF_RUNNING = 1 << 20;

    /** As files were when they were last looked at. */
    private static final Map<Run<?, ?>, Map<Path, State>> LOOKED_AT = Collections.synchronizedMap(new WeakHashMap<>());

    private record State(FileTime modified, long size) {
        static State of(Path file) throws IOException {
            var now = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(now.lastModifiedTime(), now.size());
        }
    }

    private PluginFiles() {}

    /**
     * Byte by byte, and in the same place: a plugin may be writing such a file at this moment, under the name that it keeps, and
     * goes on where it was.
     *
     * @return the names of those in which there was something to hide
     */
    @NonNull
    static List<String> hide(@NonNull Run<?, ?> run, @NonNull Mask mask) {
        List<String> found = new ArrayList<>();
        var lookedAt = LOOKED_AT.computeIfAbsent(run, r -> new ConcurrentHashMap<>());
        try (Stream<Path> files = Files.list(run.getRootDir().toPath())) {
            // Not what a link leads to.
            for (Path file : (Iterable<Path>)
                    files.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))::iterator) {
                String name = String.valueOf(file.getFileName());
                if (!isJenkinsOwn(name) && !waits(run, file) && hideOrSay(file, mask, lookedAt)) {
                    found.add(name);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the files of " + run);
        }
        return found;
    }

    /** One that cannot be read or written stops no other. */
    private static boolean hideOrSay(Path file, Mask mask, Map<Path, State> lookedAt) {
        try {
            return hide(file, mask, lookedAt);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in " + file);
            return false;
        }
    }

    /** Until the build is over. Not XML: Jenkins writes that at once, and what tests printed may be long. */
    private static boolean waits(Run<?, ?> run, Path file) {
        return run.isBuilding()
                && !file.toString().endsWith(".xml")
                && file.toFile().length() > LARGEST_OF_RUNNING;
    }

    /** What others look after. */
    private static boolean isJenkinsOwn(String name) {
        return name.equals("build.xml")
                || name.equals("program.dat")
                || name.equals("log")
                || name.startsWith("log-index");
    }

    private static boolean hide(Path file, Mask mask, Map<Path, State> lookedAt) throws IOException {
        State now = State.of(file);
        if (now.equals(lookedAt.get(file))) {
            return false;
        }
        if (now.size() > LARGEST) {
            LOGGER.log(Level.WARNING, "{0} is too large to look for tokens in it", file);
        } else if (hideInPlace(file, mask)) {
            // It is looked at once more: it is not as it was.
            return true;
        }
        lookedAt.put(file, now);
        return false;
    }

    /** Whether there was something to hide. What is no text stays whole. */
    private static boolean hideInPlace(Path file, Mask mask) throws IOException {
        byte[] written = Files.readAllBytes(file);
        byte[] hidden = mask.hideInPlace(written);
        if (hidden == written || isBinary(written)) {
            return false;
        }
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            for (int at = 0; at < written.length; at++) {
                int from = at;
                while (at < written.length && written[at] != hidden[at]) {
                    at++;
                }
                if (at > from && stands(ByteBuffer.wrap(written, from, at - from), channel, from)) {
                    channel.write(ByteBuffer.wrap(hidden, from, at - from), from);
                }
            }
        } catch (AccessDeniedException e) {
            // Of one that is only for reading, nobody writes more.
            return MaskedFiles.hide(file, mask);
        }
        return true;
    }

    /** Whether it is still there: somebody may have written the file anew. */
    private static boolean stands(ByteBuffer bytes, FileChannel channel, int at) throws IOException {
        ByteBuffer there = ByteBuffer.allocate(bytes.remaining());
        channel.read(there, at);
        return there.flip().equals(bytes);
    }

    private static boolean isBinary(byte[] bytes) {
        for (byte each : bytes) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }
}
