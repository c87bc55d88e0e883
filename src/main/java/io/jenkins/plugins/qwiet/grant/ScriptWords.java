package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.XmlFile;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.redact.BuildMask;
import io.jenkins.plugins.qwiet.redact.CopiedVariables;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.actions.EnvironmentAction;

/**
 * When and where a Pipeline's script set the variable of a token by {@code env.NAME =}: Pipeline itself knows only what it
 * was set to. Stored with the build, as marks of values.
 */
public final class ScriptWords extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(ScriptWords.class.getName());

    private static final String COPY = "copy ";

    /**
     * By name as it is written: by what its last setting was recognized when it was looked at. Replaced, never changed: Jenkins writes
     * it to disk at any moment.
     */
    private volatile Map<String, String> known = new TreeMap<>();

    /** By variable in capitals, for all variables of tokens; one that the script has not set since has no name in it. Replaced too. */
    private volatile Map<String, Word> words = new TreeMap<>();

    /** One setting of a variable. */
    static final class Word {
        /** As it is written; null for no word. */
        private final String name;
        /** Lines of the blocks of ours around it. */
        private final List<String> inside;
        /** The line that was bound to the variable last by then, for the rest of the build; null for none. */
        private final String after;

        Word(String name, List<String> inside, String after) {
            this.name = name;
            this.inside = new ArrayList<>(inside);
            this.after = after;
        }

        boolean isInside(String lineId) {
            return inside.contains(lineId);
        }

        @CheckForNull
        String after() {
            return after;
        }
    }

    /** What stands in these variables now was there before a token that is about to be bound to them. */
    static void know(@NonNull Run<?, ?> run, @NonNull String... variables) {
        ScriptWords words;
        synchronized (BuildMask.of(run)) {
            words = run.getAction(ScriptWords.class);
            if (words == null) {
                words = new ScriptWords();
                run.addAction(words);
            }
        }
        words.know(settings(run), variables);
    }

    private synchronized void know(Map<String, String> now, String... variables) {
        var newWords = new TreeMap<>(words);
        var newKnown = new TreeMap<>(known);
        for (String variable : variables) {
            if (newWords.putIfAbsent(key(variable), new Word(null, List.of(), null)) == null) {
                now.forEach((name, setting) -> {
                    if (name.equalsIgnoreCase(variable)) {
                        newKnown.put(name, setting);
                    }
                });
            }
        }
        known = newKnown;
        words = newWords;
    }

    /** Null if the script has not set that variable since a token was bound to it for the first time. */
    @CheckForNull
    static Word of(@NonNull Run<?, ?> run, @NonNull String variable) {
        ScriptWords words = run.getAction(ScriptWords.class);
        return words == null ? null : words.of(variable);
    }

    private synchronized Word of(String variable) {
        Word word = words.get(key(variable));
        return word == null || word.name == null ? null : word;
    }

    @CheckForNull
    static String valueOf(@NonNull Run<?, ?> run, @NonNull Word word) {
        return all(run).get(word.name);
    }

    /** What {@code env.NAME =} has set so far, also what has a token in it and is kept elsewhere for that. */
    @NonNull
    static Map<String, String> all(@NonNull Run<?, ?> run) {
        Map<String, String> all = new TreeMap<>(CopiedVariables.of(run));
        all.putAll(own(run));
        return all;
    }

    private static Map<String, String> own(Run<?, ?> run) {
        var script = run.getAction(EnvironmentAction.IncludingOverrides.class);
        return script == null ? Map.of() : script.getOverriddenEnvironment();
    }

    /**
     * By what each setting is told from the one before: a copy by how often the variable was set to one, as it changes when
     * its token is renewed; anything else by its text.
     */
    private static Map<String, String> settings(Run<?, ?> run) {
        Map<String, String> settings = new TreeMap<>();
        CopiedVariables.timesSet(run).forEach((name, times) -> settings.put(name, COPY + times));
        own(run).forEach((name, value) -> settings.put(name, Marks.of(value)));
        return settings;
    }

    /** @return whether the script has set any of them since it was looked at last */
    private synchronized boolean look(Run<?, ?> run, BuildTokens tokens, @CheckForNull FlowNode at) {
        var changed = false;
        var owners = new Owners(tokens.getTokens());
        Map<String, String> values = all(run);
        var newWords = new TreeMap<>(words);
        var newKnown = new TreeMap<>(known);
        for (Map.Entry<String, String> each : settings(run).entrySet()) {
            String name = each.getKey();
            if (!newWords.containsKey(key(name))) {
                continue;
            }
            if (each.getValue().equals(newKnown.put(name, each.getValue()))) {
                continue;
            }
            changed = true;
            TokenRecord last = owners.lastBound(name);
            newWords.put(
                    key(name),
                    owners.isOwn(name, values.get(name))
                            ? new Word(null, List.of(), null)
                            : new Word(name, owners.linesAround(at), last == null ? null : last.lineId()));
        }
        if (changed) {
            known = newKnown;
            words = newWords;
        }
        return changed;
    }

    private static String key(String variable) {
        return variable.toUpperCase(Locale.ROOT);
    }

    /** Setting such a variable saves the build, at once and in the same thread. */
    @OptionalExtension(requirePlugins = "workflow-cps")
    public static class OfScripts extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            CpsThread thread = saved instanceof Run ? CpsThread.current() : null;
            if (thread == null) {
                return;
            }
            Run<?, ?> run = (Run<?, ?>) saved;
            ScriptWords words = run.getAction(ScriptWords.class);
            BuildTokens tokens = run.getAction(BuildTokens.class);
            if (words != null && tokens != null && words.look(run, tokens, at(thread))) {
                try {
                    run.save();
                } catch (IOException e) {
                    LOGGER.log(Level.WARNING, e, () -> "Could not save what the script of " + run + " sets");
                }
            }
        }

        /** Pipeline has no other way to tell which branch a script is in. */
        @CheckForNull
        private static FlowNode at(CpsThread thread) {
            try {
                Field field = CpsThread.class.getDeclaredField("head");
                field.setAccessible(true);
                Object head = field.get(thread);
                Method get = head.getClass().getDeclaredMethod("get");
                get.setAccessible(true);
                return (FlowNode) get.invoke(head);
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot tell which branch sets a variable");
                return null;
            }
        }
    }
}
