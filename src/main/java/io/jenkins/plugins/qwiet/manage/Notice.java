package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * What a page says of an administrator's act: plain text, which it has to escape.
 *
 * @param text some sentences
 * @param good whether all was done that was asked for, so far
 * @param goesOn whether there will be more to say
 * @param act what {@link OngoingActs} know the act by; null before they know it
 */
public record Notice(
        @NonNull String text,
        boolean good,
        boolean goesOn,
        @CheckForNull String act) {
    /** Of an act that is over. */
    Notice(@NonNull String text, boolean good) {
        this(text, good, false, null);
    }

    /** Of an act that is not. */
    static Notice soFar(@NonNull String text) {
        return new Notice(text, true, true, null);
    }

    Notice of(@NonNull String id) {
        return new Notice(text, good, goesOn, id);
    }

    /** The CSS classes of Jenkins' design library. */
    @NonNull
    public String style() {
        return "jenkins-alert jenkins-alert-" + (goesOn ? "info" : good ? "success" : "warning");
    }
}
