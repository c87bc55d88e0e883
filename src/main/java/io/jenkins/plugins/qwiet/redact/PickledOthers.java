package io.jenkins.plugins.qwiet.redact;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.remoting.ClassFilter;
import hudson.remoting.ObjectInputStreamEx;
import hudson.util.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.pickles.Pickle;
import org.jenkinsci.plugins.workflow.pickles.PickleFactory;

/**
 * Encrypts what other factories save of an object of a running program in place of it, if there is a token in that: of an
 * exception that cannot be saved its texts, of a file its path. Texts in such a pickle are offered to no factory any more
 * ({@code RiverWriter}), so {@link PickledTexts} does not see them. Comes before all others.
 */
@Extension(ordinal = Double.POSITIVE_INFINITY)
public class PickledOthers extends PickleFactory {
    private static final Logger LOGGER = Logger.getLogger(PickledOthers.class.getName());

    @CheckForNull
    @Override
    public Pickle writeReplace(@NonNull Object object) {
        if (!BuildMask.anyHidesAnything()) {
            return null;
        }
        for (PickleFactory other : PickleFactory.all()) {
            // What PickledTexts replaces has no token in it any more, and it looks for itself.
            Pickle pickle = other == this || other instanceof PickledTexts ? null : other.writeReplace(object);
            if (pickle != null) {
                return withoutTokens(pickle);
            }
        }
        return null;
    }

    private static Pickle withoutTokens(Pickle pickle) {
        try {
            var bytes = new ByteArrayOutputStream();
            try (var out = new ObjectOutputStream(bytes)) {
                out.writeObject(pickle);
            }
            byte[] written = bytes.toByteArray();
            return BuildMask.anyReveals(new String(written, StandardCharsets.ISO_8859_1))
                    ? new Encrypted(Secret.fromString(Base64.getEncoder().encodeToString(written))
                            .getEncryptedValue())
                    : pickle;
        } catch (IOException | RuntimeException e) {
            // Jenkins saves it in another way than Java does.
            LOGGER.log(Level.FINE, e, () -> "Cannot look for tokens in " + pickle.getClass());
            return pickle;
        }
    }

    private static final class Encrypted extends Pickle {
        private static final long serialVersionUID = 1;

        private final String encrypted;

        Encrypted(String encrypted) {
            this.encrypted = encrypted;
        }

        @Override
        public ListenableFuture<?> rehydrate(FlowExecutionOwner owner) {
            byte[] written =
                    Base64.getDecoder().decode(Secret.fromString(encrypted).getPlainText());
            try (ObjectInputStream in = new ObjectInputStreamEx(
                    new ByteArrayInputStream(written),
                    Jenkins.get().getPluginManager().uberClassLoader,
                    ClassFilter.DEFAULT)) {
                return ((Pickle) in.readObject()).rehydrate(owner);
            } catch (IOException | ClassNotFoundException e) {
                return Futures.immediateFailedFuture(e);
            }
        }
    }
}
