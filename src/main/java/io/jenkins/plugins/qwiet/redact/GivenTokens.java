package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.model.queue.FoldableAction;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The tokens that stood in what a build was given when it was scheduled, or that were handed to a build that started it. Whoever
 * holds them may not be known any more when it runs: Jenkins may have been restarted, and cannot load the holder. Encrypted on
 * disk, and gone from the build's record when it is over. Safe on any thread.
 */
final class GivenTokens extends InvisibleAction implements FoldableAction {
    /** Replaced, never changed: Jenkins writes it to disk at any moment. */
    private volatile List<Secret> tokens;

    GivenTokens(@NonNull Collection<SecretText> tokens) {
        this.tokens = new ArrayList<>(
                tokens.stream().map(SecretText::reveal).map(Secret::fromString).toList());
    }

    /** Those of a build, or of what waits in the queue; empty for most. */
    @NonNull
    static List<SecretText> of(@NonNull Actionable given) {
        return given.getActions(GivenTokens.class).stream()
                .flatMap(each -> each.tokens.stream())
                .map(token -> SecretText.of(token.getPlainText()))
                .distinct()
                .toList();
    }

    /** Others had been given to what waits already. */
    @Override
    public void foldIntoExisting(Queue.Item item, Queue.Task owner, List<Action> others) {
        GivenTokens known = item.getAction(GivenTokens.class);
        if (known == null) {
            item.addAction(this);
        } else {
            var all = new LinkedHashSet<>(known.tokens);
            all.addAll(tokens);
            known.tokens = new ArrayList<>(all);
        }
    }

    /** It prints nothing more. */
    @Extension
    public static class OfCompleted extends RunListener<Run<?, ?>> {
        @Override
        public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
            if (run.getAction(GivenTokens.class) != null) {
                run.removeActions(GivenTokens.class);
            }
        }
    }
}
