package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Descriptor;
import io.jenkins.plugins.qwiet.api.StorableText;
import java.io.Serial;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What the form of a job sends for a whole number. Stapler makes nothing of a text that is none, and what was typed would be
 * gone; so a form shows and keeps it, and the build says what is wrong.
 *
 * @param number null if none was typed
 * @param other what was typed instead of a number; null if nothing was
 */
public record TypedNumber(
        @CheckForNull Integer number, @CheckForNull String other) {
    /** Of a field of a form. */
    @NonNull
    public static TypedNumber in(@NonNull JSONObject form, @NonNull String field) {
        return of(form.optString(field));
    }

    /** Of a text; null and blank are nothing. */
    @NonNull
    static TypedNumber of(@CheckForNull String typed) {
        String text = StorableText.ofNullable(Util.fixEmptyAndTrim(typed));
        try {
            return new TypedNumber(text == null ? null : Integer.valueOf(text), null);
        } catch (NumberFormatException e) {
            return new TypedNumber(null, text);
        }
    }

    /**
     * For {@link Descriptor#newInstance(StaplerRequest2, JSONObject)}. The generators of Pipeline keep nothing, and write no
     * argument that has no value: there, a wrong one is an error, which they show.
     *
     * @param problem null if there is none
     */
    public static void check(@CheckForNull StaplerRequest2 request, @CheckForNull String problem) {
        if (problem != null && request != null && isGenerator(request.getRequestURI())) {
            throw new NoSnippet(problem);
        }
    }

    private static boolean isGenerator(String uri) {
        return uri.substring(uri.lastIndexOf('/') + 1).startsWith("generate");
    }

    /** Shown as it is printed: the sentence alone. */
    private static final class NoSnippet extends IllegalArgumentException {
        @Serial
        private static final long serialVersionUID = 1;

        NoSnippet(String problem) {
            super(problem);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }
}
