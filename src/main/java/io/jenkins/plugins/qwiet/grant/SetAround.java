package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;

/**
 * Is expanded like any environment, and so learns what the blocks around a step set, of whichever plugin they are, and which
 * of them are ours.
 */
final class SetAround extends EnvVars {
    @Serial
    private static final long serialVersionUID = 1;

    private final ArrayList<Setting> settings = new ArrayList<>();
    private boolean begun;

    /**
     * One block's setting of one variable.
     *
     * @param value the empty text where it is taken away
     * @param line whose token it is, if a block of ours set it that says so; null for anybody's
     */
    record Setting(
            @NonNull String variable,
            @NonNull String value,
            @CheckForNull String line) implements Serializable {}

    private SetAround(EnvVars base) {
        super(base);
        begun = true;
    }

    /**
     * @param base whose variables values may be composed of
     */
    @NonNull
    static SetAround by(@CheckForNull EnvironmentExpander blocks, @NonNull EnvVars base)
            throws IOException, InterruptedException {
        var around = new SetAround(base);
        if (blocks != null) {
            blocks.expand(around);
        }
        return around;
    }

    /** All that is set to a variable, the outermost first. */
    @NonNull
    List<Setting> of(@NonNull String variable) {
        return settings.stream()
                .filter(each -> each.variable.equalsIgnoreCase(variable))
                .toList();
    }

    /** A block of ours sets its variables to its token. */
    void holds(@NonNull IssuedToken token, @NonNull String value) {
        settings.add(new Setting(token.variable, value, token.nonce));
        settings.add(new Setting(token.orgVariable, token.orgId, token.nonce));
        super.put(token.variable, value);
        super.put(token.orgVariable, token.orgId);
    }

    @Override
    public String put(String name, String value) {
        note(name, value);
        return super.put(name, value);
    }

    @Override
    public void putAll(Map<? extends String, ? extends String> all) {
        all.forEach(this::put);
    }

    @Override
    public String remove(Object name) {
        note(name, "");
        return super.remove(name);
    }

    private void note(Object name, String value) {
        // Also called by the constructor of what it inherits from.
        if (begun) {
            settings.add(new Setting(String.valueOf(name), value == null ? "" : value, null));
        }
    }

    // As two environments; what was noted is no part of it.
    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
