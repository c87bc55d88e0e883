package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.function.Supplier;

/**
 * The sentences of a room that imports nothing of Jenkins, and so has no generated {@code Messages}: those of the file {@code
 * Texts.properties} beside its classes, or of a translation. Safe for use by many threads.
 *
 * <p>The language is that of the moment at which a sentence is made: of the process, or, once {@link #follow} was called, of the
 * page's request that the thread works for. What is stored, such as a lease's last error, or sent to another thread stays in
 * that language.
 */
public final class Texts {
    /** Without it, English would be looked for in vain, and the language of the process be taken for it. */
    private static final ResourceBundle.Control ENGLISH_IF_NOT_TRANSLATED =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private static volatile Supplier<Locale> language = Locale::getDefault;

    private final Class<?> inRoom;
    private final Supplier<Locale> locale;
    private final ResourceBundle english;

    private Texts(Class<?> inRoom, Supplier<Locale> locale) {
        this.inRoom = inRoom;
        this.locale = locale;
        this.english = in(Locale.ROOT);
    }

    private ResourceBundle in(Locale language) {
        return ResourceBundle.getBundle(
                inRoom.getPackageName() + ".Texts", language, inRoom.getClassLoader(), ENGLISH_IF_NOT_TRANSLATED);
    }

    /** @param inRoom any class of the room */
    @NonNull
    public static Texts of(@NonNull Class<?> inRoom) {
        return of(inRoom, () -> language.get());
    }

    @NonNull
    static Texts of(@NonNull Class<?> inRoom, @NonNull Supplier<Locale> locale) {
        return new Texts(inRoom, locale);
    }

    /** @param languages says on any thread, and at once, which language its texts are to have */
    public static void follow(@NonNull Supplier<Locale> languages) {
        language = languages;
    }

    /**
     * One of them.
     *
     * @param key the name of the class that says it, a dot, and a name of its own
     * @param arguments as {@link MessageFormat} takes them; a number only where the sentence depends on it
     * @throws MissingResourceException if there is none
     */
    @NonNull
    public String get(@NonNull String key, @NonNull Object... arguments) {
        // Numbers are written as in the rest of a log, whatever the language: 1000, not 1,000.
        return new MessageFormat(texts().getString(key), Locale.ROOT).format(arguments);
    }

    private ResourceBundle texts() {
        try {
            return in(locale.get());
        } catch (MissingResourceException e) {
            // Jenkins is shutting down, and its plugins' files are closed.
            return english;
        }
    }
}
