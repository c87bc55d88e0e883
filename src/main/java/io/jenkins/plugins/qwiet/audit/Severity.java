package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.NonNull;

/** The effect of a violated rule on the build; later ones are more severe. Names are stored in reports. */
public enum Severity {
    /** The rule is not evaluated. */
    OFF,
    /** The log and the report say so; the build keeps its result. */
    WARN,
    /** The build becomes unstable. */
    UNSTABLE,
    /** The build fails. */
    FAIL;

    /** The more severe of the two. */
    @NonNull
    public Severity or(@NonNull Severity other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
