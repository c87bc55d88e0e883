package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.redact.BuildMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.RunAction2;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * A build's record of its tokens. Not exported, so neither the page nor the REST view of a build shows it; safe on any
 * thread.
 */
public class BuildTokens extends InvisibleAction implements RunAction2 {
    private static final Logger LOGGER = Logger.getLogger(BuildTokens.class.getName());

    /** Replaced, never changed: Jenkins writes it to disk at any moment, also while another thread adds to it. */
    private volatile List<TokenRecord> tokens = new ArrayList<>();

    private transient Run<?, ?> run;

    /** The record of a build; empty if it never had a token. */
    @NonNull
    public static Optional<BuildTokens> of(@NonNull Run<?, ?> run) {
        return Optional.ofNullable(run.getAction(BuildTokens.class));
    }

    static BuildTokens ofOrNew(Run<?, ?> run) {
        // A lock of our own kind: two parallel branches may mint the first tokens of a build at once.
        synchronized (BuildMask.of(run)) {
            return of(run).orElseGet(() -> {
                var made = new BuildTokens();
                run.addAction(made);
                return made;
            });
        }
    }

    /** All of them, the oldest first. */
    @NonNull
    public List<TokenRecord> getTokens() {
        return List.copyOf(tokens);
    }

    /** Those that later steps of the running build see, the oldest first. */
    @NonNull
    List<TokenRecord> seen() {
        return tokens.stream().filter(TokenRecord::isSeen).toList();
    }

    /** Those that are not known to be dead, whoever sees them. */
    @NonNull
    List<Secret> values() {
        return tokens.stream().map(TokenRecord::value).filter(Objects::nonNull).toList();
    }

    /** From here on the token is hidden in the build's log, so this comes before anybody is shown it. */
    void add(TokenRecord record) {
        // A mint may be through when its build, aborted meanwhile, is over.
        boolean late = !run.isBuilding() && !run.isLogUpdated();
        changing(list -> list.add(late ? record.forget() : record));
        saveUnlessPipelineDoes();
    }

    /**
     * Lets later steps of the build see a token that is recorded already.
     *
     * @return the one that it takes the variable from; null if there is none
     */
    @CheckForNull
    TokenRecord bind(IssuedToken token) {
        var older = new TokenRecord[1];
        changing(list -> list.replaceAll(each -> {
            if (each.nonce().equals(token.nonce)) {
                return each.bind();
            } else if (each.isSeen() && each.variable().equals(token.variable)) {
                older[0] = each;
                return each.unbind();
            }
            return each;
        }));
        save();
        return older[0];
    }

    void change(String nonce, UnaryOperator<TokenRecord> change) {
        changing(list -> list.replaceAll(each -> each.nonce().equals(nonce) ? change.apply(each) : each));
        saveUnlessPipelineDoes();
    }

    /** The build is over: no value is needed any more. */
    void forgetValues() {
        changing(list -> list.replaceAll(TokenRecord::forget));
        save();
    }

    private void changing(Consumer<List<TokenRecord>> change) {
        synchronized (this) {
            var changed = new ArrayList<>(tokens);
            change.accept(changed);
            tokens = changed;
            // Under the same lock, or an older list might be the last to arrive there.
            remask();
        }
    }

    /**
     * Pipeline saves a running build with each node of its graph ({@code CpsFlowExecution.notifyListeners}), and one
     * follows a token's beginning or end at once. In a build of many tokens, saving it twice each would cost the most.
     * But nothing follows when Jenkins goes down, and what a build is told then would not be known afterwards.
     */
    private void saveUnlessPipelineDoes() {
        boolean pipelineGoesOn =
                run instanceof FlowExecutionOwner.Executable && run.isBuilding() && !Shutdown.hasBegun();
        if (!pipelineGoesOn) {
            save();
        }
    }

    private void save() {
        if (!run.getRootDir().isDirectory()) {
            return; // Deleted: saving it would bring it back.
        }
        try {
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not save the tokens of " + run);
        }
    }

    private void remask() {
        BuildMask.of(run)
                .hide(values().stream()
                        .map(Secret::getPlainText)
                        .map(SecretText::of)
                        .toList());
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public synchronized void onLoad(Run<?, ?> r) {
        run = r;
        remask();
    }

    /** Knows when Jenkins goes down, from before Pipelines are stopped for it; {@code Jenkins.isTerminating} is true later. */
    @Extension
    public static class Shutdown extends ItemListener {
        private volatile boolean begun;

        static boolean hasBegun() {
            return Jenkins.getInstanceOrNull() == null || ExtensionList.lookupSingleton(Shutdown.class).begun;
        }

        @Override
        public void onBeforeShutdown() {
            begun = true;
        }
    }
}
