package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;

/**
 * Is expanded like any environment, to find out what a step can print. A process that runs may have been started with what
 * its environment no longer holds; who knows of that says it here.
 */
public final class ProbedEnvironment extends EnvVars {
    @Serial
    private static final long serialVersionUID = 1;

    private final ArrayList<String> earlier = new ArrayList<>();

    /** A step that runs may have this before its eyes, in a variable that holds something else by now. */
    public void mayHold(@NonNull String value) {
        earlier.add(value);
    }

    @NonNull
    List<String> texts() {
        var texts = new ArrayList<>(values());
        texts.addAll(earlier);
        return texts;
    }

    // As two environments; what it was told besides is no part of it.
    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
