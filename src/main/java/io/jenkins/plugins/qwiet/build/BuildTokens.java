package io.jenkins.plugins.qwiet.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;

/**
 * A build's record of its tokens. Not exported, so neither the page nor the REST view of a build shows it; safe on any
 * thread.
 */
public class BuildTokens extends InvisibleAction implements RunAction2 {
    private static final Logger LOGGER = Logger.getLogger(BuildTokens.class.getName());

    private List<TokenRecord> tokens = new ArrayList<>();

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
    public synchronized List<TokenRecord> getTokens() {
        return List.copyOf(tokens);
    }

    /** That of later steps of the running build for this variable, if any. */
    @CheckForNull
    synchronized TokenRecord bound(String variable) {
        return tokens.stream()
                .filter(each -> each.value() != null && each.getVariable().equals(variable))
                .reduce((older, newer) -> newer)
                .orElse(null);
    }

    /** Those that later steps of the running build see, the oldest first. */
    synchronized List<TokenRecord> bound() {
        return tokens.stream().filter(each -> each.value() != null).toList();
    }

    void add(TokenRecord record) {
        synchronized (this) {
            tokens.add(record);
        }
        changed();
    }

    /** Lets later steps of the build see a token that is recorded already. */
    void bind(IssuedToken token) {
        change(token.nonce, record -> record.withValue(token.value));
    }

    void change(String nonce, UnaryOperator<TokenRecord> change) {
        synchronized (this) {
            tokens.replaceAll(each -> each.getNonce().equals(nonce) ? change.apply(each) : each);
        }
        changed();
    }

    /** The build is over: no value is needed any more. */
    void forgetValues() {
        synchronized (this) {
            tokens.replaceAll(each -> each.withValue(null));
        }
        changed();
    }

    private void changed() {
        remask();
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
