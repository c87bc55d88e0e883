package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Descriptor;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.StorableText;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * How long a token is valid, as people write it: {@code 900}, {@code '900'}, {@code '15m'} or {@code '2h'}. What cannot be
 * read is kept as it was written, so that a form shows it and the build says what is wrong.
 *
 * @param written without blanks around it; null if nothing was written
 */
public record Lifetime(@CheckForNull String written) {
    /** The field of a form, and the argument of a step. */
    public static final String FIELD = "validFor";

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,6})\\s*([smh]?)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}|-\\d{1,9}");

    /** Whoever wrote it, also into a file. */
    public Lifetime {
        written = StorableText.ofNullable(Util.fixEmptyAndTrim(written));
    }

    /** Of an argument, which Pipeline and Job DSL hand on as they find it; null and blank are nothing. */
    @NonNull
    public static Lifetime of(@CheckForNull Object argument) {
        return new Lifetime(TypedNumber.textOf(argument));
    }

    /** Of the field of a form. */
    @NonNull
    public static Lifetime in(@NonNull JSONObject form) {
        return of(form.optString(FIELD));
    }

    /** As {@link TypedNumber#without}. */
    @NonNull
    public static JSONObject without(@NonNull JSONObject form) {
        return TypedNumber.without(form, FIELD);
    }

    /** Seconds, also such as no token may have; null if nothing was written, or nothing that says how many. */
    @CheckForNull
    public Integer seconds() {
        Matcher amount = AMOUNT.matcher(written == null ? "" : written);
        if (!amount.matches()) {
            return null;
        }
        long number = Long.parseLong(amount.group(1));
        long seconds =
                switch (amount.group(2).toLowerCase(Locale.ROOT)) {
                    case "h" -> number * 60 * 60;
                    case "m" -> number * 60;
                    default -> number;
                };
        return (int) Math.min(seconds, Integer.MAX_VALUE);
    }

    /** Of a setting that is {@linkplain #problem() valid}. */
    @NonNull
    Duration orDefault() {
        Integer seconds = seconds();
        return Duration.ofSeconds(seconds == null ? QwietConfiguration.DEFAULT_VALIDITY : seconds);
    }

    /** What was written, a number as a number: what the generators of Pipeline write into a script. */
    @CheckForNull
    public Object asArgument() {
        return written != null && NUMBER.matcher(written).matches() ? Integer.valueOf(written) : written;
    }

    /** Why no token can be valid for so long, as a sentence; null if one can, or nothing was written. */
    @CheckForNull
    public String problem() {
        Integer seconds = seconds();
        return written == null || seconds != null && SettingRules.isValidity(seconds)
                ? null
                : SettingRules.noValidity(DisplayText.quotable(written));
    }

    /** For {@link Descriptor#newInstance(StaplerRequest2, JSONObject)}, as {@link TypedNumber#check}. */
    public void check(@CheckForNull StaplerRequest2 request) {
        String problem = problem();
        TypedNumber.check(request, problem == null ? null : FIELD + ": " + problem);
    }
}
