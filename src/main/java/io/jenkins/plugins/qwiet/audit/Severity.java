package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;

/** What it means for a build that a rule is broken; later ones weigh more. */
public enum Severity {
    /** The rule is not asked. */
    OFF,
    /** It is said, the result stays. */
    WARN,
    /** The build becomes unstable. */
    UNSTABLE,
    /** The build fails. */
    FAIL;

    /** The heavier of the two. */
    @NonNull
    public Severity or(@NonNull Severity other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
