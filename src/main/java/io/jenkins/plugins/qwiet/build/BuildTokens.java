package io.jenkins.plugins.qwiet.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * A build's record of its tokens. Not exported, so neither the page nor the REST view of a build shows it; safe on any
 * thread.
 */
public class BuildTokens extends InvisibleAction implements RunAction2 {
    private static final Logger LOGGER = Logger.getLogger(BuildTokens.class.getName());

    /** Jenkins writes it to disk at any moment, also while another thread changes it. */
    private final CopyOnWriteArrayList<TokenRecord> tokens = new CopyOnWriteArrayList<>();

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

    /** That of later steps of the running build for this variable, if any. */
    @CheckForNull
    TokenRecord bound(String variable) {
        return tokens.stream()
                .filter(each -> each.value() != null && each.getVariable().equals(variable))
                .reduce((older, newer) -> newer)
                .orElse(null);
    }

    /** Those that later steps of the running build see, the oldest first. */
    List<TokenRecord> bound() {
        return tokens.stream().filter(each -> each.value() != null).toList();
    }

    void add(TokenRecord record) {
        tokens.add(record);
        remask();
        saveUnlessPipelineDoes();
    }

    /** Lets later steps of the build see a token that is recorded already. */
    void bind(IssuedToken token) {
        replace(token.nonce, record -> record.withValue(token.value));
        save();
    }

    void change(String nonce, UnaryOperator<TokenRecord> change) {
        replace(nonce, change);
        saveUnlessPipelineDoes();
    }

    /** The build is over: no value is needed any more. */
    void forgetValues() {
        tokens.replaceAll(each -> each.withValue(null));
        remask();
        save();
    }

    private void replace(String nonce, UnaryOperator<TokenRecord> change) {
        tokens.replaceAll(each -> each.getNonce().equals(nonce) ? change.apply(each) : each);
        remask();
    }

    /**
     * Pipeline saves a running build with each node of its graph ({@code CpsFlowExecution.notifyListeners}), and one
     * follows a token's beginning or end at once. In a build of many tokens, saving it twice each would cost the most.
     */
    private void saveUnlessPipelineDoes() {
        if (!(run instanceof FlowExecutionOwner.Executable) || !run.isBuilding()) {
            save();
        }
    }

    private void save() {
        try {
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not save the tokens of " + run);
        }
    }

    private void remask() {
        BuildMask.of(run)
                .hide(bound().stream()
                        .map(TokenRecord::value)
                        .map(Secret::getPlainText)
                        .map(SecretText::of)
                        .toList());
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
        remask();
    }
}
