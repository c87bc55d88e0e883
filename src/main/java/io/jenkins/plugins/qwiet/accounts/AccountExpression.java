package io.jenkins.plugins.qwiet.accounts;

import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.AbstractBuild;
import hudson.model.Cause;
import hudson.model.ChoiceParameterDefinition;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import io.jenkins.plugins.qwiet.api.DisplayText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * The service account in the form of a freestyle job, where variables may stand for it. A credentials parameter is left for
 * Credentials to resolve, which knows whose credential it may be; its value must never be taken for an id that the job's
 * configuration chose. So must no text that was typed by somebody who may start builds, but not use the job's credentials.
 */
public final class AccountExpression {
    private AccountExpression() {}

    /** What all texts in the form may have in them. */
    @NonNull
    public static EnvVars variables(@NonNull AbstractBuild<?, ?> build, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        EnvVars env = build.getEnvironment(listener);
        // overrideAll would take an empty parameter for none, and leave its name in the text.
        build.getBuildVariables().forEach((name, value) -> {
            if (Util.fixEmpty(value) == null) {
                env.put(name, "");
            } else {
                env.override(name, value);
            }
        });
        return env;
    }

    /**
     * What to look for.
     *
     * @param env {@link #variables} of the build
     * @return an id, or a credentials parameter as {@code ${NAME}}; null for the global account
     * @throws AbortException if who typed it may not choose, with a sentence that says so
     */
    @CheckForNull
    public static String of(@NonNull AbstractBuild<?, ?> build, @NonNull EnvVars env, @CheckForNull String configured)
            throws IOException, InterruptedException {
        String text = Util.fixEmptyAndTrim(configured);
        if (text == null || text.indexOf('$') < 0) {
            return text;
        }
        List<ParameterValue> parameters = build.getActions(ParametersAction.class).stream()
                .flatMap(action -> action.getParameters().stream())
                .toList();
        var all = new EnvVars(env);
        for (ParameterValue parameter : parameters) {
            String name = parameter.getName();
            if (parameter instanceof CredentialsParameterValue credential) {
                if (text.equals("$" + name) || text.equals("${" + name + "}")) {
                    return Util.fixEmptyAndTrim(credential.getValue()) == null ? null : "${" + name + "}";
                }
                all.remove(name);
            }
        }
        String expanded = Util.fixEmptyAndTrim(all.expand(text));
        if (expanded != null
                && !parameters.stream().allMatch(parameter -> isConfigured(build, parameter))
                && !expanded.equals(
                        Util.fixEmptyAndTrim(vetted(build, parameters).expand(text)))
                && !build.hasPermission2(starter(build), CredentialsProvider.USE_ITEM)) {
            throw new AbortException(
                    Messages.AccountExpression_mayNotChoose(starter(build).getName(), DisplayText.quotable(text)));
        }
        return expanded;
    }

    /**
     * The environment as it is without what was typed: that of the job on its node, and the parameters that hold what is
     * configured. It is made anew, as in that of the build a typed value may stand in any variable: they are expanded in each
     * other there, and one parameter may set several.
     */
    private static EnvVars vetted(AbstractBuild<?, ?> build, List<ParameterValue> parameters)
            throws IOException, InterruptedException {
        EnvVars vetted = build.getParent().getEnvironment(build.getBuiltOn(), TaskListener.NULL);
        vetted.putAll(build.getCharacteristicEnvVars());
        List<ParameterValue> kept = parameters.stream()
                .filter(parameter ->
                        !(parameter instanceof CredentialsParameterValue) && isConfigured(build, parameter))
                .toList();
        kept.forEach(parameter -> parameter.buildEnvironment(build, vetted));
        EnvVars.resolve(vetted);
        Map<String, String> variables = build.getBuildVariables();
        kept.stream()
                .map(ParameterValue::getName)
                .filter(variables::containsKey)
                .forEach(name -> vetted.put(name, Util.fixNull(variables.get(name))));
        return vetted;
    }

    /** Whether the value is one that who configured the job wrote there: the default, or a choice. */
    private static boolean isConfigured(AbstractBuild<?, ?> build, ParameterValue parameter) {
        // A cell of a matrix is given the parameters of the whole.
        var property = build.getRootBuild().getProject().getProperty(ParametersDefinitionProperty.class);
        ParameterDefinition definition = property == null ? null : property.getParameterDefinition(parameter.getName());
        if (definition == null) {
            return false;
        } else if (definition instanceof ChoiceParameterDefinition choice) {
            return choice.getChoices().contains(String.valueOf(parameter.getValue()));
        }
        ParameterValue otherwise = definition.getDefaultParameterValue();
        return otherwise != null && Objects.equals(otherwise.getValue(), parameter.getValue());
    }

    /** Who started the build, or one that started it: whom Credentials asks about too. */
    private static Authentication starter(Run<?, ?> build) {
        Run<?, ?> run = build;
        while (run != null) {
            var user = run.getCause(Cause.UserIdCause.class);
            if (user != null) {
                User known = user.getUserId() == null ? null : User.getById(user.getUserId(), false);
                return known == null ? Jenkins.ANONYMOUS2 : known.impersonate2();
            }
            var upstream = run.getCause(Cause.UpstreamCause.class);
            run = upstream == null ? null : upstream.getUpstreamRun();
        }
        return Jenkins.ANONYMOUS2;
    }
}
