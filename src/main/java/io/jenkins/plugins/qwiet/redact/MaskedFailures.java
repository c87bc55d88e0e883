package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
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
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
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
        Throwable masked = like(failure, mask, all);
        masked.setStackTrace(failure.getStackTrace());
        if (failure.getCause() != null) {
            masked.initCause(hide(failure.getCause(), mask, all, seen));
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            masked.addSuppressed(hide(suppressed, mask, all, seen));
        }
        return masked;
    }

    /** Of the classes that Pipelines catch, and by which they and Jenkins tell how a build ends. */
    private static Throwable like(Throwable failure, Mask mask, boolean all) {
        String message = mask.hide(String.valueOf(failure.getMessage()));
        if (failure instanceof AbortException) {
            return new AbortException(message);
        } else if (failure instanceof FlowInterruptedException interrupted) {
            return new FlowInterruptedException(
                    interrupted.getResult(),
                    interrupted.isActualInterruption(),
                    interrupted.getCauses().stream()
                            .map(cause -> hide(cause, mask, all))
                            .toArray(CauseOfInterruption[]::new));
        } else if (failure instanceof IOException) {
            return new IOException(message);
        }
        return failure instanceof RuntimeException ? new RuntimeException(message) : new MaskedException(message);
    }

    private static CauseOfInterruption hide(CauseOfInterruption cause, Mask mask, boolean all) {
        String text = String.valueOf(cause.getShortDescription());
        return all || mask.reveals(text) ? new MaskedCause(mask.hide(text)) : cause;
    }

    /** Stands for what would have shown a token as the cause of an interruption. */
    static final class MaskedCause extends CauseOfInterruption {
        @Serial
        private static final long serialVersionUID = 1;

        private final String text;

        MaskedCause(String text) {
            this.text = text;
        }

        @Override
        public String getShortDescription() {
            return text;
        }
    }

    /** Stands for an exception that would have shown a token, and is of no class that matters. */
    static final class MaskedException extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        MaskedException(String message) {
            super(message);
        }
    }
}
