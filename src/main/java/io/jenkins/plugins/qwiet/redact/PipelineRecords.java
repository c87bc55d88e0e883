package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.util.AtomicFileWriter;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Hides tokens in what Pipeline records of steps: their arguments, their errors. Within a block, what
 * the build's context says lets Pipeline do that by itself ({@link MaskedFailures}, names of sensitive variables);
 * outside of any block Pipeline asks no extension, so it is done here as soon as the record is there.
 */
@Extension
public class PipelineRecords implements GraphListener.Synchronous {
    private static final Logger LOGGER = Logger.getLogger(PipelineRecords.class.getName());

    @Override
    public void onNewHead(FlowNode node) {
        Mask mask = maskOf(node);
        if (mask.isEmpty()) {
            return;
        }
        hide(node, mask);
        // A step's error is recorded when it ends, which is when the next node begins.
        node.getParents().forEach(parent -> hide(parent, mask));
    }

    private static Mask maskOf(FlowNode node) {
        try {
            return node.getExecution().getOwner().getExecutable() instanceof Run<?, ?> run
                    ? BuildMask.of(run).mask()
                    : Mask.none();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look at the tokens of " + node);
            return Mask.none();
        }
    }

    private static void hide(FlowNode node, Mask mask) {
        var arguments = node.getPersistentAction(ArgumentsAction.class);
        if (arguments != null) {
            MaskedArguments hidden = MaskedArguments.of(arguments, mask);
            if (hidden != null) {
                node.replaceActions(ArgumentsAction.class, hidden);
            }
        }
        var error = node.getPersistentAction(ErrorAction.class);
        if (error != null) {
            Throwable hidden = MaskedFailures.hide(error.getError(), mask);
            if (hidden != error.getError()) {
                node.replaceActions(ErrorAction.class, new ErrorAction(hidden));
            }
        }
    }

    /** A step's arguments, tokens in them hidden. */
    static final class MaskedArguments extends ArgumentsAction {
        private final Map<String, Object> arguments = new LinkedHashMap<>();

        private MaskedArguments(Map<?, ?> arguments) {
            arguments.forEach((name, value) -> this.arguments.put((String) name, value));
        }

        /** Null if there is nothing to hide. */
        @CheckForNull
        static MaskedArguments of(@NonNull ArgumentsAction recorded, @NonNull Mask mask) {
            Map<?, ?> arguments = recorded.getArguments();
            Map<?, ?> hidden = hide(arguments, mask);
            return hidden == arguments ? null : new MaskedArguments(hidden);
        }

        /** The same object if there is nothing to hide in it. */
        private static Object hide(Object value, Mask mask) {
            if (value instanceof Map<?, ?> map) {
                return hide(map, mask);
            } else if (value instanceof List<?> list) {
                return hide(list, mask);
            } else if (value instanceof Object[] array) {
                List<?> list = Arrays.asList(array);
                List<?> hidden = hide(list, mask);
                return hidden == list ? array : hidden.toArray();
            } else if (value instanceof UninstantiatedDescribable described) {
                return hide(described, mask);
            }
            String text = String.valueOf(value);
            return mask.reveals(text) ? mask.hide(text) : value;
        }

        private static Map<?, ?> hide(Map<?, ?> map, Mask mask) {
            var hidden = new LinkedHashMap<Object, Object>();
            map.forEach((key, value) -> hidden.put(hide(key, mask), hide(value, mask)));
            return isSame(map.keySet(), hidden.keySet()) && isSame(map.values(), hidden.values()) ? map : hidden;
        }

        private static List<?> hide(List<?> list, Mask mask) {
            List<Object> hidden = new ArrayList<>();
            list.forEach(value -> hidden.add(hide(value, mask)));
            return isSame(list, hidden) ? list : hidden;
        }

        private static UninstantiatedDescribable hide(UninstantiatedDescribable described, Mask mask) {
            Map<String, ?> arguments = described.getArguments();
            Map<?, ?> hidden = hide(arguments, mask);
            if (hidden == arguments) {
                return described;
            }
            var names = new LinkedHashMap<String, Object>();
            hidden.forEach((name, value) -> names.put((String) name, value));
            return described.withArguments(names);
        }

        private static boolean isSame(Iterable<?> before, Iterable<?> after) {
            var other = after.iterator();
            for (Object each : before) {
                if (!other.hasNext() || other.next() != each) {
                    return false;
                }
            }
            return !other.hasNext();
        }

        @NonNull
        @Override
        protected Map<String, Object> getArgumentsInternal() {
            return arguments;
        }
    }

    /**
     * Hides tokens in the records of a build that is complete. The error that ends a build is recorded when the execution
     * already counts as complete, and from then on Pipeline does not save what replaces a record; with the durability
     * "performance optimized" nothing else is ever written. Must come before the listener that forgets what is to be hidden
     * ({@code grant.EndOfBuild}), hence the ordinal.
     */
    @Extension(ordinal = 1)
    public static class OfCompleted extends RunListener<Run<?, ?>> {
        @Override
        public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
            if (!(run instanceof FlowExecutionOwner.Executable)) {
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
}
