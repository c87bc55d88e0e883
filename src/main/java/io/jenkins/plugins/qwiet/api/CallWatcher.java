package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;

/** Is told how long requests take. Called on any thread; must neither block nor throw. */
@FunctionalInterface
public interface CallWatcher {
    /** Does nothing. */
    CallWatcher NONE = (operation, nanos) -> {};

    /** What is asked of Qwiet. */
    enum Operation {
        /** Of a token. */
        CREATE,
        /** Of tokens: one page. */
        LIST,
        /** Of a token: its revocation. */
        DELETE,
        /** What the service account may do. */
        SCOPES;

        /** In lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A request that was sent is over, whatever came of it, unless nobody waited for it any more.
     *
     * @param nanos from the moment when it was sent until its answer was read, or failed to come
     */
    void over(@NonNull Operation operation, long nanos);
}
