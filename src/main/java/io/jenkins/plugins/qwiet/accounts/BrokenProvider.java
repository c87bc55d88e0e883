package io.jenkins.plugins.qwiet.accounts;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serial;
import java.util.function.Supplier;

/**
 * Whoever provides credentials failed with an error, as a plugin does that was made for another version of something, or one that
 * gets no thread for its client: it is no worse for who asks than any exception of a provider.
 */
final class BrokenProvider extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private BrokenProvider(Error cause) {
        super(cause);
    }

    /** What a provider answers; errors of its code become exceptions. */
    static <T> T ask(@NonNull Supplier<T> asking) {
        try {
            return asking.get();
        } catch (Error e) {
            throw new BrokenProvider(e);
        }
    }
}
