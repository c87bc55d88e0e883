package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import hudson.model.StringParameterValue;
import hudson.util.Secret;
import hudson.util.VariableResolver;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.Serial;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A text parameter with a token in it. Scripts and processes of its build find the text that they expect, in {@code params}
 * too; Jenkins keeps it encrypted, and pages, REST and the queue say no more than that there is something. A password of Jenkins'
 * own would be a {@link Secret} in {@code params}, on which {@code params.NAME.trim()} fails.
 */
public final class HiddenTextParameter extends StringParameterValue implements GivenParameters.WithTokens {
    @Serial
    private static final long serialVersionUID = 1;

    /** What is said in place of the text, in the field that REST shows. */
    private static final String HIDDEN = "****";

    private final Secret text;
    /** Those that stand in the text. */
    private final List<Secret> tokens;

    /** With the name, text and description of another. */
    HiddenTextParameter(@NonNull StringParameterValue given, @NonNull Collection<SecretText> tokens) {
        super(given.getName(), HIDDEN, given.getDescription());
        this.text = Secret.fromString(Objects.toString(given.getValue(), ""));
        this.tokens = GivenParameters.WithTokens.encrypted(tokens);
    }

    @NonNull
    @Override
    public List<Secret> encrypted() {
        return tokens;
    }

    @Override
    public boolean isSensitive() {
        return true;
    }

    @Override
    public String getValue() {
        return text.getPlainText();
    }

    @Override
    public void buildEnvironment(Run<?, ?> build, EnvVars env) {
        env.put(name, getValue());
        // As all parameters of Jenkins do.
        env.put(name.toUpperCase(Locale.ENGLISH), getValue());
    }

    @Override
    public VariableResolver<String> createVariableResolver(AbstractBuild<?, ?> build) {
        return asked -> name.equals(asked) ? getValue() : null;
    }

    @Override
    public String getShortDescription() {
        return name + '=' + HIDDEN;
    }

    @Override
    public String toString() {
        return "(HiddenTextParameter) " + getShortDescription();
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && text.equals(((HiddenTextParameter) other).text);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + text.hashCode();
    }
}
