package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Cause;
import java.util.Locale;

/** Is told what comes of mints and revocations. Called on any thread; must neither block nor throw. */
@FunctionalInterface
public interface LeaseWatcher {
    /** Does nothing. */
    LeaseWatcher NONE = (work, failure) -> {};

    /** What is done for a token. */
    enum Work {
        /** For whoever waits for one, with all that is tried for it. */
        MINT,
        /** Of a token in the place of another; each attempt. */
        RENEWAL,
        /** Each attempt, be it for a build, a person or the janitor. */
        REVOCATION;

        /** In lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One piece of work is over. Nothing is said of a mint that nobody waits for any more; nor, as nothing was done, of a
     * token that is gone already.
     *
     * @param failure why it failed; null if it did not
     */
    void over(@NonNull Work work, @CheckForNull Cause failure);
}
