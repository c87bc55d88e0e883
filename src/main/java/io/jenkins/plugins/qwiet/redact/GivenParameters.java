package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.PasswordParameterValue;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.StringParameterValue;
import hudson.model.listeners.RunListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What builds are given as parameters, in which another build may hand them a token. Looks at texts and passwords and asks
 * nothing else of a parameter: that of a run would load the run, with the rights of whoever happens to ask.
 *
 * <p>Most builds here have nothing to do with this plugin. So nothing is thrown, whatever a parameter does.
 */
final class GivenParameters {
    private static final Logger LOGGER = Logger.getLogger(GivenParameters.class.getName());

    private GivenParameters() {}

    /** Those of a build, as far as they can have a token in them. */
    @NonNull
    static List<ParameterValue> of(@NonNull Run<?, ?> run) {
        try {
            return run.getActions(ParametersAction.class).stream()
                    .flatMap(action -> action.getAllParameters().stream())
                    .filter(each -> each instanceof StringParameterValue || each instanceof PasswordParameterValue)
                    .toList();
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the parameters of " + run);
            return List.of();
        }
    }

    /** Asks no parameter. */
    static boolean areSame(@NonNull List<ParameterValue> some, @NonNull List<ParameterValue> others) {
        return some.size() == others.size()
                && IntStream.range(0, some.size()).allMatch(i -> some.get(i) == others.get(i));
    }

    /** What stands in them. */
    @NonNull
    static List<String> texts(@NonNull List<ParameterValue> parameters) {
        return parameters.stream()
                .flatMap(GivenParameters::text)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static Stream<String> text(ParameterValue parameter) {
        try {
            return Stream.of(
                    parameter instanceof PasswordParameterValue password
                            ? password.getValue().getPlainText()
                            : Objects.toString(parameter.getValue(), ""));
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in a parameter: " + parameter.getClass());
            return Stream.of();
        }
    }

    /**
     * Makes a {@link HiddenTextParameter} of a text with a token in it: the value is the same, but Jenkins encrypts it in the
     * queue and with the build, and no page shows it. In the build's log {@link BuildMask} hides it.
     */
    @Extension
    public static class Hidden extends Queue.QueueDecisionHandler {
        @Override
        public boolean shouldSchedule(Queue.Task task, @NonNull List<Action> actions) {
            try {
                if (BuildMask.anyHidesAnything()) {
                    actions.replaceAll(action -> action instanceof ParametersAction given ? hide(given) : action);
                }
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the parameters of " + task);
            }
            return true;
        }

        private static ParametersAction hide(ParametersAction given) {
            List<ParameterValue> before = given.getAllParameters();
            var hidden = new ArrayList<>(before);
            // There may be nulls in it.
            hidden.replaceAll(each -> each instanceof StringParameterValue text ? hide(text) : each);
            return hidden.equals(before) ? given : given.createUpdated(hidden);
        }

        private static ParameterValue hide(StringParameterValue given) {
            return !(given instanceof HiddenTextParameter) && text(given).anyMatch(BuildMask::anyReveals)
                    ? new HiddenTextParameter(given)
                    : given;
        }
    }

    /** A build that is over prints nothing more. */
    @Extension
    public static class OfFinished extends RunListener<Run<?, ?>> {
        @Override
        public void onFinalized(Run<?, ?> run) {
            BuildMask.of(run).printsNoMore();
        }
    }
}
