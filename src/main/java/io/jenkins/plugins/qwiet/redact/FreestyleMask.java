package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.console.ConsoleLogFilter;
import hudson.console.LineTransformationOutputStream;
import hudson.model.AbstractBuild;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Hides the tokens of a freestyle build in its log, which is opened before there is one. Of these filters the last one
 * sees first what was written ({@code Run.createBuildListener}), hence an ordinal below all numbers. Build wrappers of the job
 * see it earlier, and may put something between the lines; before these comes {@link OfProcesses}.
 */
@Extension(ordinal = Double.NEGATIVE_INFINITY)
public class FreestyleMask extends ConsoleLogFilter {
    @Override
    public OutputStream decorateLogger(@NonNull Run run, OutputStream log) {
        if (!(run instanceof AbstractBuild)) {
            return log;
        }
        BuildMask mask = BuildMask.ofPrinting(run);
        return new PackedNotes(new MaskingOutputStream(log, mask::mask), mask::mask);
    }

    /** Hides them in what the processes of the build print. */
    @Extension
    public static class OfProcesses extends LauncherDecorator {
        @NonNull
        @Override
        public Launcher decorate(@NonNull Launcher launcher, @NonNull Node node) {
            return Executor.currentExecutor() == null ? launcher : new Masking(launcher);
        }
    }

    private static final class Masking extends Launcher.DecoratedLauncher {
        Masking(Launcher inner) {
            super(inner);
        }

        @Override
        public Proc launch(@NonNull ProcStarter starter) throws IOException {
            Executor executor = Executor.currentExecutor();
            OutputStream log = getListener().getLogger();
            if (!isLog(starter.stdout(), log)
                    || executor == null
                    || !(executor.getCurrentExecutable() instanceof AbstractBuild<?, ?> build)
                    || BuildMask.of(build).mask().isEmpty()) {
                return super.launch(starter);
            }
            OutputStream given = starter.stdout();
            var masked = new MaskingOutputStream(new KeptOpen(given), BuildMask.of(build)::mask);
            starter.stdout(masked);
            if (starter.stderr() == given) {
                starter.stderr(masked);
            }
            return new Ending(super.launch(starter), masked);
        }

        /**
         * Whether that is the log, or what a plugin puts before it to mark lines: for Maven, Ant, Gradle. What goes elsewhere
         * is read by a plugin, and nothing to be changed.
         */
        private static boolean isLog(OutputStream out, OutputStream log) {
            return out == log || out instanceof LineTransformationOutputStream;
        }
    }

    /** The log goes on when the process is over. */
    private static final class KeptOpen extends FilterOutputStream {
        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(@NonNull byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    /** Releases what was held back of the process's last words, which might have been the beginning of a token. */
    private static final class Ending extends Proc {
        private final Proc inner;
        private final OutputStream out;

        Ending(Proc inner, OutputStream out) {
            this.inner = inner;
            this.out = out;
        }

        @Override
        public int join() throws IOException, InterruptedException {
            try (out) {
                return inner.join();
            }
        }

        @Override
        public boolean isAlive() throws IOException, InterruptedException {
            return inner.isAlive();
        }

        @Override
        public void kill() throws IOException, InterruptedException {
            inner.kill();
        }

        @Override
        public InputStream getStdout() {
            return inner.getStdout();
        }

        @Override
        public InputStream getStderr() {
            return inner.getStderr();
        }

        @Override
        public OutputStream getStdin() {
            return inner.getStdin();
        }
    }
}
