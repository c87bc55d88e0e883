package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;

/** Is expanded like any environment, and so learns what the blocks around a step set a variable to. */
final class SetVariable extends EnvVars {
    @Serial
    private static final long serialVersionUID = 1;

    private final String variable;
    private final ArrayList<String> values = new ArrayList<>();

    private SetVariable(String variable) {
        this.variable = variable;
    }

    /**
     * All that is set, the outermost first; the empty text where it is taken away.
     *
     * @param around whose variables values may be composed of
     */
    @NonNull
    static List<String> by(@CheckForNull EnvironmentExpander blocks, @NonNull String variable, @NonNull EnvVars around)
            throws IOException, InterruptedException {
        if (blocks == null) {
            return List.of();
        }
        var probe = new SetVariable(variable);
        probe.putAll(around);
        probe.values.clear();
        blocks.expand(probe);
        return List.copyOf(probe.values);
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
        if (variable.equalsIgnoreCase(String.valueOf(name))) {
            values.add(value == null ? "" : value);
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
