package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.GroovyObject;
import hudson.Functions;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
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
    /** For each of them, those behind it are looked through again. */
    private static final int MOST_WITHIN = 50;

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
        return hide(failure, mask, false);
    }

    /** One that has what can be printed of a failure, and nothing that it keeps besides. */
    static Throwable withoutFields(Throwable failure, Mask mask) {
        return hide(failure, mask, true);
    }

    private static Throwable hide(Throwable failure, Mask mask, boolean all) {
        Collection<Throwable> within = within(failure);
        if (within.size() <= MOST_WITHIN) {
            return hide(failure, mask, all, Collections.newSetFromMap(new IdentityHashMap<>()));
        } else if (!all && within.stream().noneMatch(each -> revealsAlone(each, mask))) {
            return failure;
        }
        Throwable masked = like(failure, null, mask, true);
        masked.setStackTrace(frames(failure, mask));
        masked.addSuppressed(new Exception("(" + (within.size() - 1) + " causes and suppressed errors are left out)"));
        return masked;
    }

    /** All errors of which one is made up, itself too. There may be so many that no method may call itself for each. */
    private static Collection<Throwable> within(Throwable failure) {
        Set<Throwable> all = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> next = new ArrayDeque<>(List.of(failure));
        while (!next.isEmpty()) {
            Throwable one = next.remove();
            if (all.add(one)) {
                next.addAll(List.of(one.getSuppressed()));
                Optional.ofNullable(one.getCause()).ifPresent(next::add);
            }
        }
        return all;
    }

    private static boolean revealsAlone(Throwable failure, Mask mask) {
        return mask.reveals(failure.toString())
                || mask.reveals(String.valueOf(failure.getMessage()))
                || Stream.of(failure.getStackTrace()).map(String::valueOf).anyMatch(mask::reveals);
    }

    /** None if one of them shows a token. */
    private static StackTraceElement[] frames(Throwable failure, Mask mask) {
        StackTraceElement[] frames = failure.getStackTrace();
        return Stream.of(frames).map(String::valueOf).anyMatch(mask::reveals) ? new StackTraceElement[0] : frames;
    }

    private static Throwable hide(Throwable failure, Mask mask, boolean all, Set<Throwable> seen) {
        if (!all && !reveals(failure, mask)) {
            return failure;
        }
        if (!seen.add(failure)) {
            return new Exception("(a cause that was shown before)");
        }
        if (!all) {
            Throwable copy = copy(failure, mask);
            if (copy != null) {
                return copy;
            }
        }
        Throwable cause = failure.getCause() == null ? null : hide(failure.getCause(), mask, all, seen);
        Throwable masked = like(failure, cause, mask, all);
        masked.setStackTrace(frames(failure, mask));
        for (Throwable suppressed : failure.getSuppressed()) {
            masked.addSuppressed(hide(suppressed, mask, all, seen));
        }
        return masked;
    }

    @CheckForNull
    private static Throwable copy(Throwable failure, Mask mask) {
        Throwable copy = MaskedCopy.of(failure, mask);
        try {
            return copy == null || reveals(copy, mask) ? null : copy;
        } catch (RuntimeException e) {
            // It makes its message of what is no longer there.
            return null;
        }
    }

    private static boolean reveals(Throwable failure, Mask mask) {
        return mask.reveals(Functions.printThrowable(failure))
                || messages(failure, Collections.newSetFromMap(new IdentityHashMap<>()))
                        .anyMatch(mask::reveals);
    }

    /** Some print less than what scripts can ask them for. */
    private static Stream<String> messages(Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return Stream.of();
        }
        Stream<Throwable> within =
                Stream.concat(Stream.of(failure.getSuppressed()), Stream.ofNullable(failure.getCause()));
        return Stream.concat(Stream.ofNullable(failure.getMessage()), within.flatMap(each -> messages(each, seen)));
    }

    /**
     * What can be made with a message alone, of the nearest class to that of the failure: scripts catch classes, and Jenkins tells by
     * them how a build ends.
     */
    private static Throwable like(Throwable failure, Throwable cause, Mask mask, boolean all) {
        if (failure instanceof FlowInterruptedException interrupted) {
            var masked = new FlowInterruptedException(
                    interrupted.getResult(),
                    interrupted.isActualInterruption(),
                    interrupted.getCauses().stream()
                            .map(each -> hide(each, mask, all))
                            .toArray(CauseOfInterruption[]::new));
            return cause == null ? masked : masked.initCause(cause);
        }
        String message = mask.hide(String.valueOf(failure.getMessage()));
        for (Class<?> type = failure.getClass(); type != Throwable.class; type = type.getSuperclass()) {
            Throwable masked = made(type, message, cause);
            if (masked != null && message.equals(masked.getMessage()) && !mask.reveals(masked.toString())) {
                return masked;
            }
        }
        return new Throwable(message, cause);
    }

    /** None of a script's own: its constructor would run here outside of Pipeline's sandbox. */
    @CheckForNull
    private static Throwable made(Class<?> type, String message, Throwable cause) {
        if (GroovyObject.class.isAssignableFrom(type)) {
            return null;
        }
        try {
            var masked = (Throwable) type.getConstructor(String.class).newInstance(message);
            return cause == null ? masked : masked.initCause(cause);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            // There is none, or it takes no cause afterwards.
            return null;
        }
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
}
