package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.PasswordParameterValue;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.Serial;
import java.util.Collection;
import java.util.List;

/** A password parameter with a token in it: Jenkins' own, and which tokens these are. */
public final class HiddenPasswordParameter extends PasswordParameterValue implements GivenParameters.WithTokens {
    @Serial
    private static final long serialVersionUID = 1;

    private final List<Secret> tokens;

    /** With the name, value and description of another. */
    HiddenPasswordParameter(@NonNull PasswordParameterValue given, @NonNull Collection<SecretText> tokens) {
        super(given.getName(), given.getValue(), given.getDescription());
        this.tokens = GivenParameters.WithTokens.encrypted(tokens);
    }

    @NonNull
    @Override
    public List<Secret> encrypted() {
        return tokens;
    }
}
