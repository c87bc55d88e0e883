package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.XmlFile;
import hudson.model.EnvironmentContributingAction;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.model.listeners.SaveableListener;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.cps.EnvActionImpl;

/**
 * What a Pipeline copied of a token with {@code env.NAME = …}. Pipeline keeps such variables in clear in {@code build.xml} and
 * shows them by REST to whoever may read the build. So they are moved here, where they are encrypted and shown by nothing but
 * the environment of the running build, in which Groovy's {@code env} and all steps find them as before.
 */
public final class CopiedVariables extends InvisibleAction implements EnvironmentContributingAction {
    private static final Logger LOGGER = Logger.getLogger(CopiedVariables.class.getName());

    /** Replaced, never changed: Jenkins writes it to disk at any moment. */
    private volatile Map<String, Secret> copies = new TreeMap<>();

    /** How often the script has set each to a copy; the same. */
    private volatile Map<String, Integer> times = new TreeMap<>();

    /** The texts as they are. */
    @NonNull
    static List<String> texts(@NonNull Run<?, ?> run) {
        return List.copyOf(of(run).values());
    }

    /** What it copied, by name; empty if nothing. */
    @NonNull
    public static Map<String, String> of(@NonNull Run<?, ?> run) {
        CopiedVariables copied = run.getAction(CopiedVariables.class);
        var texts = new TreeMap<String, String>();
        if (copied != null) {
            copied.copies.forEach((name, text) -> texts.put(name, text.getPlainText()));
        }
        return texts;
    }

    /** How often the script has set those of {@link #of} that are copies now, also if to the same text. */
    @NonNull
    public static Map<String, Integer> timesSet(@NonNull Run<?, ?> run) {
        CopiedVariables copied = run.getAction(CopiedVariables.class);
        return copied == null ? Map.of() : copied.times;
    }

    /** Changes the texts, as when a token in them is renewed; the build is saved with them some time later. */
    public static void replaceAll(@NonNull Run<?, ?> run, @NonNull UnaryOperator<String> change) {
        CopiedVariables copied = run.getAction(CopiedVariables.class);
        if (copied != null) {
            copied.replaceAll(change);
        }
    }

    private synchronized void replaceAll(UnaryOperator<String> change) {
        var changed = new TreeMap<>(copies);
        changed.replaceAll((name, text) -> {
            String now = change.apply(text.getPlainText());
            return now.equals(text.getPlainText()) ? text : Secret.fromString(now);
        });
        copies = changed;
    }

    /** What the script sets later stands over it ({@code EnvActionImpl.getEnvironment}). */
    @Override
    public void buildEnvironment(@NonNull Run<?, ?> run, @NonNull EnvVars env) {
        copies.forEach((name, text) -> env.put(name, text.getPlainText()));
    }

    private synchronized void keep(String name, String text) {
        var changed = new TreeMap<>(copies);
        changed.put(name, Secret.fromString(text));
        var more = new TreeMap<>(times);
        more.merge(name, 1, Integer::sum);
        times = more;
        copies = changed;
    }

    private static CopiedVariables ofOrNew(Run<?, ?> run) {
        CopiedVariables copied = run.getAction(CopiedVariables.class);
        if (copied == null) {
            copied = new CopiedVariables();
            run.addAction(copied);
        }
        return copied;
    }

    /** Setting such a variable saves the build, at once and in the same thread. */
    @OptionalExtension(requirePlugins = "workflow-cps")
    public static class OfScripts extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            // Only the script itself sets variables: in its own thread none can be set at the same time.
            if (saved instanceof Run<?, ?> run && CpsThread.current() != null) {
                Mask mask = BuildMask.of(run).mask();
                EnvActionImpl variables = mask.isEmpty() ? null : run.getAction(EnvActionImpl.class);
                if (variables != null) {
                    move(run, variables, mask);
                }
            }
        }

        private static void move(Run<?, ?> run, EnvActionImpl variables, Mask mask) {
            var revealing = new TreeMap<>(variables.getOverriddenEnvironment());
            revealing.values().removeIf(text -> !mask.reveals(text));
            if (revealing.isEmpty()) {
                return;
            }
            try {
                Map<String, String> own = ownOf(variables);
                CopiedVariables copied = ofOrNew(run);
                revealing.forEach((name, text) -> {
                    copied.keep(name, text);
                    own.remove(name);
                });
                run.save();
            } catch (ReflectiveOperationException | IOException | RuntimeException e) {
                LOGGER.log(
                        Level.WARNING,
                        e,
                        () -> "REST shows a token in these variables of " + run + ": " + revealing.keySet());
            }
        }

        /** Pipeline has no way to take a variable back, and shows no copy that could be given away instead. */
        @SuppressWarnings("unchecked")
        private static Map<String, String> ownOf(EnvActionImpl variables) throws ReflectiveOperationException {
            Field field = EnvActionImpl.class.getDeclaredField("env");
            field.setAccessible(true);
            return (Map<String, String>) field.get(variables);
        }
    }

    /** No step comes any more that could want them. Jenkins saves the build after this. */
    @Extension
    public static class OfCompleted extends RunListener<Run<?, ?>> {
        @Override
        public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
            CopiedVariables copied = run.getAction(CopiedVariables.class);
            if (copied != null) {
                copied.copies = new TreeMap<>();
            }
        }
    }
}
