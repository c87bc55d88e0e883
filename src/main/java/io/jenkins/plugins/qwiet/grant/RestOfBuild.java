package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;

/** Lets everything that comes later in a build see a token. */
final class RestOfBuild {
    private final Run<?, ?> run;

    RestOfBuild(@NonNull Run<?, ?> run) {
        this.run = run;
    }

    /** A token that this one takes the variable from is given back, in the background. Writes {@code build.xml}. */
    void bind(@NonNull IssuedToken token, @NonNull TaskListener log) {
        TokenRecord older = BuildTokens.ofOrNew(run).bind(token);
        if (older != null) {
            new TokenRevoker(run, log).giveBack(older.getNonce());
        }
    }
}
