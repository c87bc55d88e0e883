package io.jenkins.plugins.qwiet.accounts;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serial;

/** Whoever provides a credential failed to tell its value. The message is a sentence for a person, and quotes nothing of what was thrown. */
final class UnreadableAccount extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    UnreadableAccount(@NonNull String message, @NonNull Throwable cause) {
        super(message, cause);
    }

    /** What was thrown, as far as it cannot tell a secret. */
    @NonNull
    static String kindOf(@NonNull Throwable thrown) {
        Throwable what = thrown instanceof BrokenProvider ? thrown.getCause() : thrown;
        return what.getClass().getSimpleName();
    }
}
