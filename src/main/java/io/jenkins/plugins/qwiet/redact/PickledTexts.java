package io.jenkins.plugins.qwiet.redact;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import hudson.Extension;
import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.workflow.pickles.Pickle;
import org.jenkinsci.plugins.workflow.pickles.PickleFactory;

/**
 * Encrypts each text with a live token in it where Pipeline saves a running program ({@code program.dat}): Groovy variables,
 * arguments of steps that run, also as bytes, as characters and in a builder. The program itself sees what it had, also after
 * a restart.
 */
@Extension
public class PickledTexts extends PickleFactory {
    /** A token has more characters, however it is encoded. */
    private static final int SHORTEST = 32;

    @Override
    public Pickle writeReplace(Object object) {
        Kind kind = Kind.of(object);
        if (kind == null || !BuildMask.anyHidesAnything()) {
            return null;
        }
        String text = kind.text(object);
        return text.length() >= SHORTEST && BuildMask.anyReveals(text)
                ? new Encrypted(kind, Secret.fromString(text).getEncryptedValue())
                : null;
    }

    /** Names are stored with builds. */
    private enum Kind {
        STRING,
        BUILDER,
        BUFFER,
        CHARACTERS,
        BYTES;

        static Kind of(Object object) {
            return object instanceof String
                    ? STRING
                    : object instanceof StringBuilder
                            ? BUILDER
                            : object instanceof StringBuffer
                                    ? BUFFER
                                    : object instanceof char[] ? CHARACTERS : object instanceof byte[] ? BYTES : null;
        }

        /** Bytes one by one: forms of a token are ASCII in every charset that people use. */
        String text(Object object) {
            return switch (this) {
                case CHARACTERS -> new String((char[]) object);
                case BYTES -> new String((byte[]) object, StandardCharsets.ISO_8859_1);
                case STRING, BUILDER, BUFFER -> object.toString();
            };
        }

        Object object(String text) {
            return switch (this) {
                case STRING -> text;
                case BUILDER -> new StringBuilder(text);
                case BUFFER -> new StringBuffer(text);
                case CHARACTERS -> text.toCharArray();
                case BYTES -> text.getBytes(StandardCharsets.ISO_8859_1);
            };
        }
    }

    private static final class Encrypted extends Pickle {
        private final Kind kind;
        private final String encrypted;

        Encrypted(Kind kind, String encrypted) {
            this.kind = kind;
            this.encrypted = encrypted;
        }

        @Override
        public ListenableFuture<?> rehydrate() {
            return Futures.immediateFuture(
                    kind.object(Secret.fromString(encrypted).getPlainText()));
        }
    }
}
