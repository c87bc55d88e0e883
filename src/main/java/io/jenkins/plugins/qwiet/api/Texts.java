package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * The sentences of a room that imports nothing of Jenkins, and so has no generated {@code Messages}: those of the file {@code
 * Texts.properties} beside its classes, or of its translation to the language of this process. Safe for use by many threads.
 */
public final class Texts {
    private final ResourceBundle texts;

    private Texts(ResourceBundle texts) {
        this.texts = texts;
    }

    /** @param inRoom any class of the room */
    @NonNull
    public static Texts of(@NonNull Class<?> inRoom) {
        return new Texts(ResourceBundle.getBundle(
                inRoom.getPackageName() + ".Texts", Locale.getDefault(), inRoom.getClassLoader()));
    }

    /**
     * One of them.
     *
     * @param key the name of the class that says it, a dot, and a name of its own
     * @param arguments as {@link MessageFormat} takes them; a number only where the sentence depends on it
     * @throws java.util.MissingResourceException if there is none
     */
    @NonNull
    public String get(@NonNull String key, @NonNull Object... arguments) {
        // Numbers are written as in the rest of a log, whatever the language: 1000, not 1,000.
        return new MessageFormat(texts.getString(key), Locale.ROOT).format(arguments);
    }
}
