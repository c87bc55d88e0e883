package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Cause;
import hudson.model.InvisibleAction;
import hudson.model.ParametersAction;
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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tokens that stood in what a build was given when it was scheduled, or that were handed to a build that started it. Whoever
 * holds them may not be known any more when it runs: Jenkins may have been restarted, and cannot load the holder; or that is over,
 * and somebody replays a build that it gave one to. Encrypted on disk, and gone from the build's record when it is over. Safe on any thread.
 */
final class GivenTokens extends InvisibleAction implements FoldableAction {
    /** Replaced, never changed: Jenkins writes it to disk at any moment. */
    private volatile List<Secret> tokens;

    private GivenTokens(Collection<SecretText> tokens) {
        this.tokens = new ArrayList<>(
                tokens.stream().map(SecretText::reveal).map(Secret::fromString).toList());
    }

    /**
     * Remembers with what is scheduled the tokens that stand in its parameters and in why it is started.
     *
     * @param handed those that a build was handed which starts it
     */
    static void addTo(
            @NonNull List<Action> actions, @NonNull Collection<Cause> causes, @NonNull Collection<SecretText> handed) {
        List<ParametersAction> parameters = actions.stream()
                .filter(ParametersAction.class::isInstance)
                .map(ParametersAction.class::cast)
                .toList();
        Set<SecretText> given = new LinkedHashSet<>(handed);
        parameters.stream().flatMap(GivenParameters::tokensOf).forEach(given::add);
        if (BuildMask.anyHidesAnything()) {
            Stream.concat(
                            causes.stream().flatMap(StartedBy::textsOf),
                            parameters.stream().flatMap(GivenParameters::textsOf))
                    .filter(Objects::nonNull)
                    .forEach(text -> given.addAll(BuildMask.anyIn(text)));
        }
        if (!given.isEmpty()) {
            actions.add(new GivenTokens(given));
        }
    }

    /**
     * Those of a build, or of what waits in the queue; empty for most. Also those that are known to stand in parameters: a build that
     * is restarted from a stage gets those of another only after it was scheduled.
     */
    @NonNull
    static List<SecretText> of(@NonNull Actionable given) {
        return Stream.concat(
                        given.getActions(GivenTokens.class).stream()
                                .flatMap(each -> each.tokens.stream())
                                .map(token -> SecretText.of(token.getPlainText())),
                        given.getActions(ParametersAction.class).stream().flatMap(GivenParameters::tokensOf))
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
