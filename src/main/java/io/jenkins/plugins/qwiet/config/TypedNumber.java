package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Descriptor;
import io.jenkins.plugins.qwiet.api.StorableText;
import java.io.Serial;
import java.util.List;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What somebody gives for a whole number, in the form of a job or in a script. Stapler makes nothing of a text that is none, and
 * what was typed would be gone; so a form shows and keeps it, and the build says what is wrong.
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

    /** The form without fields that Stapler could make nothing of. */
    @NonNull
    public static JSONObject without(@NonNull JSONObject form, @NonNull String... fields) {
        var rest = JSONObject.fromObject(form);
        List.of(fields).forEach(rest::remove);
        return rest;
    }

    /** Of an argument, which Pipeline and Job DSL hand on as they find it; null and blank are nothing. */
    @NonNull
    public static TypedNumber ofArgument(@CheckForNull Object argument) {
        return of(textOf(argument));
    }

    /** What an argument is in a text; null if there is none. */
    @CheckForNull
    static String textOf(@CheckForNull Object argument) {
        if (argument == null || argument instanceof CharSequence || argument instanceof Number) {
            return argument == null ? null : argument.toString();
        }
        // A text of its own making would be made by a script, here, where nothing confines it.
        return argument.getClass().getSimpleName();
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

    /** The number, or what was given instead; null if nothing was. */
    @CheckForNull
    public Object asArgument() {
        return number == null ? other : number;
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
