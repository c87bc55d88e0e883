package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.BooleanParameterValue;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.PasswordParameterValue;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.RunParameterValue;
import hudson.model.StringParameterValue;
import hudson.model.TextParameterValue;
import hudson.model.listeners.RunListener;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a build is given as parameters, in which another build may hand it a token: the value of a text or a password; of a
 * plugin's own kind, what it puts into the environment and what it keeps. A parameter is asked when some build holds a token,
 * and once.
 *
 * <p>Most builds here have nothing to do with this plugin. So nothing is thrown, whatever a parameter does.
 */
final class GivenParameters {
    static final GivenParameters NONE = new GivenParameters(null, List.of());

    /** All that they give to a build is their value. */
    private static final Set<Class<?>> OF_JENKINS = Set.of(
            StringParameterValue.class,
            PasswordParameterValue.class,
            HiddenTextParameter.class,
            HiddenPasswordParameter.class);

    /** Those that extend these may give more to a build than another text could. */
    private static final Set<Class<?>> TEXTS = Set.of(StringParameterValue.class, TextParameterValue.class);

    /** That of a run would load the run, with the rights of whoever happens to ask. Those that extend these say more. */
    private static final Set<Class<?>> WITHOUT_TEXTS = Set.of(RunParameterValue.class, BooleanParameterValue.class);

    private static final Logger LOGGER = Logger.getLogger(GivenParameters.class.getName());

    /** Is kept with what it is kept by, and no longer. */
    private final Reference<Run<?, ?>> run;

    private final List<ParameterValue> values;
    private volatile List<String> texts;

    private GivenParameters(Run<?, ?> run, List<ParameterValue> values) {
        this.run = new WeakReference<>(run);
        this.values = values;
    }

    /** Those of a build, as far as they can have a token in them. Asks none of them. */
    @NonNull
    static GivenParameters of(@NonNull Run<?, ?> run) {
        try {
            List<ParameterValue> values = run.getActions(ParametersAction.class).stream()
                    .flatMap(GivenParameters::all)
                    .filter(GivenParameters::mayHaveTexts)
                    .toList();
            return values.isEmpty() ? NONE : new GivenParameters(run, values);
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in the parameters of " + run);
            return NONE;
        }
    }

    /** One that replaces the list, as a cell of a matrix has it, need not know of the other one. */
    private static Stream<ParameterValue> all(ParametersAction action) {
        return Stream.of(action.getAllParameters(), action.getParameters())
                .flatMap(List::stream)
                .distinct();
    }

    /** There may be nulls. */
    private static boolean mayHaveTexts(ParameterValue value) {
        return value != null && !WITHOUT_TEXTS.contains(value.getClass());
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Whether these are the same objects. Asks no parameter. */
    boolean areSame(@NonNull GivenParameters others) {
        return values.size() == others.values.size()
                && IntStream.range(0, values.size()).allMatch(i -> values.get(i) == others.values.get(i));
    }

    /** What stands in them. */
    @NonNull
    List<String> texts() {
        List<String> known = texts;
        if (known == null) {
            known = values.stream()
                    .flatMap(this::texts)
                    .filter(text -> text != null && !text.isEmpty())
                    .distinct()
                    .toList();
            texts = known;
        }
        return known;
    }

    private Stream<String> texts(ParameterValue parameter) {
        try {
            return OF_JENKINS.contains(parameter.getClass())
                    ? kept(parameter)
                    : Stream.concat(kept(parameter), inEnvironment(parameter));
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look for tokens in a parameter: " + parameter.getClass());
            return Stream.of();
        }
    }

    /** What it keeps, without asking it for anything. */
    private static Stream<String> kept(ParameterValue parameter) {
        Stream<String> value = isText(parameter) ? Stream.of(text(parameter)) : Stream.of();
        return OF_JENKINS.contains(parameter.getClass())
                ? value
                : Stream.concat(value, Stream.of(Run.XSTREAM2.toXML(parameter)));
    }

    /** What stands in those of a build that is scheduled. */
    @NonNull
    static Stream<String> textsOf(@NonNull ParametersAction given) {
        return all(given).filter(GivenParameters::mayHaveTexts).flatMap(GivenParameters::kept);
    }

    /** The tokens that are known to stand in them, whether or not any build holds them now. */
    @NonNull
    static Stream<SecretText> tokensOf(@NonNull ParametersAction given) {
        return all(given).filter(WithTokens.class::isInstance).flatMap(parameter -> ((WithTokens) parameter).tokens());
    }

    /** One that is known to have tokens in it. */
    interface WithTokens {
        /** Nobody else may know them any more: whoever replays a build gives the same parameters to another, at any time. */
        @NonNull
        List<Secret> encrypted();

        @NonNull
        default Stream<SecretText> tokens() {
            return encrypted().stream().map(Secret::getPlainText).map(SecretText::of);
        }

        /** As a parameter keeps them: a list that Java and XStream write as it is. */
        @NonNull
        static List<Secret> encrypted(@NonNull Collection<SecretText> tokens) {
            return new ArrayList<>(tokens.stream()
                    .map(SecretText::reveal)
                    .map(Secret::fromString)
                    .toList());
        }
    }

    private static boolean isText(ParameterValue parameter) {
        return parameter instanceof StringParameterValue || parameter instanceof PasswordParameterValue;
    }

    private static String text(ParameterValue parameter) {
        return parameter instanceof PasswordParameterValue password
                ? password.getValue().getPlainText()
                : Objects.toString(parameter.getValue(), "");
    }

    private Stream<String> inEnvironment(ParameterValue parameter) {
        if (parameter instanceof RunParameterValue) {
            // It would load the run.
            return Stream.of();
        }
        var environment = new EnvVars();
        parameter.buildEnvironment(run.get(), environment);
        return environment.values().stream();
    }

    /**
     * Makes a {@link HiddenTextParameter} of a text of Jenkins' own with a token in it: the value is the same, but Jenkins encrypts it in the
     * queue and with the build, and no page shows it. In the build's log {@link BuildMask} hides it. Of a password, all that is true
     * already; {@link HiddenPasswordParameter} only keeps which tokens stand in it.
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
            List<ParameterValue> before = GivenParameters.all(given).toList();
            var hidden = new ArrayList<>(before);
            hidden.replaceAll(Hidden::hide);
            return hidden.equals(before) ? given : given.createUpdated(hidden);
        }

        /** There may be nulls. */
        private static ParameterValue hide(ParameterValue given) {
            boolean isPassword = given != null && given.getClass() == PasswordParameterValue.class;
            if (given == null || !isPassword && !TEXTS.contains(given.getClass())) {
                return given;
            }
            Set<SecretText> tokens = BuildMask.anyIn(text(given));
            if (tokens.isEmpty()) {
                return given;
            }
            return isPassword
                    ? new HiddenPasswordParameter((PasswordParameterValue) given, tokens)
                    : new HiddenTextParameter((StringParameterValue) given, tokens);
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
