package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import jakarta.servlet.http.HttpSession;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
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

    /** Leaves it for the page that follows, behind those that are left for it already. */
    void leave(@NonNull StaplerRequest2 request) {
        HttpSession session = request.getSession();
        synchronized (KEY) {
            var left = new ArrayList<>(left(session));
            left.add(this);
            session.setAttribute(KEY, left);
        }
    }

    /** Takes what was left, in that order. */
    @NonNull
    static List<Notice> take(@NonNull StaplerRequest2 request) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            return List.of();
        }
        synchronized (KEY) {
            List<Notice> left = left(session);
            session.removeAttribute(KEY);
            return left;
        }
    }

    private static List<Notice> left(HttpSession session) {
        return session.getAttribute(KEY) instanceof List<?> left
                ? left.stream().map(Notice.class::cast).toList()
                : List.of();
    }

    /** The CSS classes of Jenkins' design library. */
    @NonNull
    public String style() {
        return "jenkins-alert jenkins-alert-" + (goesOn ? "info" : good ? "success" : "warning");
    }
}
