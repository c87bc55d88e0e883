package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import jakarta.servlet.http.HttpSession;
import java.io.Serial;
import java.io.Serializable;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What became of an administrator's act, for the page that is shown next, once: plain text, which it has to escape.
 *
 * @param text some sentences
 * @param good whether all was done that was asked for, so far
 * @param goesOn whether there will be more to say
 */
public record Notice(@NonNull String text, boolean good, boolean goesOn) implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final String KEY = Notice.class.getName();

    /** Of an act that is over. */
    Notice(@NonNull String text, boolean good) {
        this(text, good, false);
    }

    /** Of an act that is not. */
    static Notice soFar(@NonNull String text) {
        return new Notice(text, true, true);
    }

    /** Leaves it for the page that follows. */
    void leave(@NonNull StaplerRequest2 request) {
        request.getSession().setAttribute(KEY, this);
    }

    /** Takes what was left; null if nothing was. */
    @CheckForNull
    static Notice take(@NonNull StaplerRequest2 request) {
        HttpSession session = request.getSession(false);
        Object left = session == null ? null : session.getAttribute(KEY);
        if (left == null) {
            return null;
        }
        session.removeAttribute(KEY);
        return left instanceof Notice notice ? notice : null;
    }

    /** The CSS classes of Jenkins' design library. */
    @NonNull
    public String style() {
        return "jenkins-alert jenkins-alert-" + (goesOn ? "info" : good ? "success" : "warning");
    }
}
