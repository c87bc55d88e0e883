package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Functions;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Hides tokens in the text of exceptions, which Pipeline prints and keeps with the build. */
public final class MaskedFailures implements FailureHandler {
    @Serial
    private static final long serialVersionUID = 1;

    // Array, because a list of JDK's own would not be pickled by Pipeline's encryption of secrets.
    private final Secret[] values;

    /** @param values of the tokens to be hidden */
    public MaskedFailures(@NonNull Collection<Secret> values) {
        this.values = values.toArray(Secret[]::new);
    }

    @NonNull
    @Override
    public Throwable handle(@NonNull StepContext context, @NonNull Throwable failure) {
        // The build knows nearly always all of these, and those that were minted later in place of one.
        Mask ofBuild = maskOf(context);
        var others = Stream.of(values)
                .map(Secret::getPlainText)
                .map(SecretText::of)
                .filter(secret -> !ofBuild.hides(secret))
                .toList();
        Throwable hidden = hide(failure, ofBuild);
        return others.isEmpty() ? hidden : hide(hidden, Mask.of(others, StandardCharsets.UTF_8));
    }

    private static Mask maskOf(StepContext context) {
        try {
            Run<?, ?> run = context.get(Run.class);
            return run == null ? Mask.none() : BuildMask.of(run).mask();
        } catch (IOException e) {
            return Mask.none();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Mask.none();
        }
    }

    /** The failure itself if nothing in it has to be hidden. */
    static Throwable hide(Throwable failure, Mask mask) {
        return hide(failure, mask, false, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** One that has what can be printed of a failure, and nothing that it keeps besides. */
    static Throwable withoutFields(Throwable failure, Mask mask) {
        return hide(failure, mask, true, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static Throwable hide(Throwable failure, Mask mask, boolean all, Set<Throwable> seen) {
        if (!seen.add(failure)) {
            return new MaskedException("(a cause that was shown before)");
        }
        if (!all && !mask.reveals(Functions.printThrowable(failure))) {
            return failure;
        }
        var masked = new MaskedException(mask.hide(String.valueOf(failure.getMessage())));
        masked.setStackTrace(failure.getStackTrace());
        if (failure.getCause() != null) {
            masked.initCause(hide(failure.getCause(), mask, all, seen));
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            masked.addSuppressed(hide(suppressed, mask, all, seen));
        }
        return masked;
    }

    /** Stands for an exception that would have shown a token. */
    static final class MaskedException extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        MaskedException(String message) {
            super(message);
        }
    }
}
