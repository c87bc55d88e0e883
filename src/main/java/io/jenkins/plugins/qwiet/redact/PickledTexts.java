package io.jenkins.plugins.qwiet.redact;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import hudson.Extension;
import hudson.util.Secret;
import org.jenkinsci.plugins.workflow.pickles.Pickle;
import org.jenkinsci.plugins.workflow.pickles.PickleFactory;

/**
 * Encrypts each text with a live token in it where Pipeline saves a running program ({@code program.dat}): Groovy variables,
 * arguments of steps that run. The program itself sees the text as it was, also after a restart.
 */
@Extension
public class PickledTexts extends PickleFactory {
    /** A token has more characters, however it is encoded. */
    private static final int SHORTEST = 32;

    @Override
    public Pickle writeReplace(Object object) {
        return object instanceof String text && text.length() >= SHORTEST && BuildMask.anyReveals(text)
                ? new Encrypted(Secret.fromString(text).getEncryptedValue())
                : null;
    }

    private static final class Encrypted extends Pickle {
        private final String encrypted;

        Encrypted(String encrypted) {
            this.encrypted = encrypted;
        }

        @Override
        public ListenableFuture<?> rehydrate() {
            return Futures.immediateFuture(Secret.fromString(encrypted).getPlainText());
        }
    }
}
