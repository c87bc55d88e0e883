package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * That a call is made once more, for whoever waits for it.
 *
 * @param reason what became of the try before, in words for a person
 * @param after how long until then; zero if it is made at once
 */
public record Retry(@NonNull String reason, @NonNull Duration after) {
    private static final Logger LOGGER = Logger.getLogger(Retry.class.getName());

    /** Tells somebody of it. Whatever he throws does not hold up the call. */
    public void tell(@NonNull Consumer<Retry> somebody) {
        try {
            somebody.accept(this);
        } catch (RuntimeException | Error e) {
            // An Error too: a build's log may be that of other plugins.
            LOGGER.log(Level.WARNING, "Nobody could be told that a call is made again", e);
        }
    }
}
